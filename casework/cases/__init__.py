"""Cases: number, holders, milestone, and the sealed file of what was written in them."""
