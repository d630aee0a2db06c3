"""Random sound diagrams against a token game of its own.

The state is encoded, pruned and decoded before every step, and no run leaves a trace in the
specification that all of them share.
"""

import random
from collections import Counter

import pytest

from tests.engine.playing import Play
from tests.engine.spiff.games import Fork, Game, Inside, Maker, Place, Run, Step
from tests.engine.spiff.test_library import picture

_MOST_STEPS = 60


def a_model(seed: int) -> tuple[bytes, Inside, random.Random]:
    dice = random.Random(seed)  # noqa: S311 - repeatable
    maker = Maker(dice)
    whole = maker.whole()
    return maker.file(whole), whole, dice


def open_in(play: Play) -> Counter[Place]:
    found: Counter[Place] = Counter()
    for step in play.machine().open:
        found[step.element.id, tuple(int(n) for n in step.variables["place"])] += 1
    return found


def an_answer(run: Run, dice: random.Random) -> object:
    if dice.random() < 0.5:
        return dice.choice([0, 1, 2]) if not _is_inclusive(run) else [dice.randint(0, 2)]
    return [0, 1, 2] if _is_inclusive(run) else 0


def _is_inclusive(run: Run) -> bool:
    """Whether the question belongs to an inclusive gateway."""
    return any(
        isinstance(other.term, Fork) and other.term.question == run.term
        for other in run.game.top.all_parts()
    )


def play_on(seed: int) -> int:
    """Play one model to its end, or for a while; how many steps."""
    data, whole, dice = a_model(seed)
    play, game = Play(data, {"place": []}), Game(whole)
    before = picture(play.library)
    count = play_to_end(play, game, dice, seed)
    assert picture(play.library) == before, seed
    return count


def play_to_end(play: Play, game: Game, dice: random.Random, seed: int) -> int:
    for count in range(_MOST_STEPS):
        assert open_in(play) == game.open, (seed, count)
        assert {w.name for w in play.machine().waiting} == game.heard, (seed, count)
        assert play.ended == game.over, (seed, count)
        if game.over:
            expected = {"place": [], **game.variables}
            assert play.variables == expected, seed
            return count
        heard = sorted(game.heard)
        if heard and dice.random() < 0.3:
            name = dice.choice(heard)
            play.hear(name)
            game.hear(name)
            continue
        run = dice.choice(game.steps())
        assert isinstance(run.term, Step)
        place, answer = (run.term.id, run.here), an_answer(run, dice)
        machine = play.machine()
        step = next(
            s
            for s in machine.open
            if (s.element.id, tuple(int(n) for n in s.variables["place"])) == place
        )
        machine.complete(step.id, {run.term.decides: answer} if run.term.decides else {})
        play.keep(machine)
        game.do(place, answer)
    return _MOST_STEPS


@pytest.mark.parametrize("first", range(0, 300, 30))
def test_random_diagrams_do_what_the_token_game_says(first: int):
    assert sum(play_on(seed) for seed in range(first, first + 30)) > 0


@pytest.mark.soak
@pytest.mark.parametrize("first", range(300, 10_300, 500))
def test_ten_thousand_random_diagrams_do_what_the_token_game_says(first: int):
    assert sum(play_on(seed) for seed in range(first, first + 500)) > 0
