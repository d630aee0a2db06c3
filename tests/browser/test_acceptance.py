"""The main job from end to end: people of several organisations in real browsers.

The names are those of the acceptance scenarios; everybody is fictional.
"""

from datetime import date, timedelta

import pytest
from playwright.sync_api import expect

from casework.accounts.actions import set_password
from tests.arena import PASSWORD
from tests.browser.people import Person
from tests.browser.town import Town
from tests.casework.arena import a_colleague

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("town")]


def raise_annas_case(sara: Person) -> None:
    """Up to the paper that Anna is to sign."""
    sara.open("/tasks")
    sara.follow("Lyft ett nytt ärende")
    sara.press("Lyft ärendet")
    sara.do(
        "Beskriv behovet",
        {
            "Vilken väg passar?": "Samråd i Arenagruppen",
            "Hur kom behovet fram?": "Någon i en organisation såg det",
            "Vad ska ärendet kallas tills vidare?": "Björken",
            "Födelseår": 1987,
            "Har personen skyddade personuppgifter?": "Nej",
            "Varför behövs samordning?": [
                "Personen skickas runt mellan organisationer",
                "Risk för långvarig psykisk ohälsa",
            ],
            "Vad handlar behovet om?": ["Hälsa", "Arbete och försörjning"],
            "Finns ohälsa eller flera svårigheter samtidigt?": "Ja",
            "Är personen nollplacerad?": "Ja",
            "Vilka organisationer har personen kontakt med i dag?": ["Värnamo kommun"],
            "Vilka behöver göra något tillsammans?": [
                "Värnamo kommun",
                "Försäkringskassan",
                "Väster vårdcentral",
                "Arbetsförmedlingen",
            ],
            "Hur bråttom är det?": "Inte bråttom",
        },
    )
    sara.do(
        "Prata med personen",
        {
            "När talade ni med varandra?": date(2027, 2, 1),
            "Vad har personen fått?": ["Informationsbladet", "Samtyckestexten"],
            "Vill personen att ni samarbetar?": "Ja",
            "Vad är viktigt för personen?": "Att slippa berätta allt en gång till",
            "Hur vill personen bli kontaktad?": "Ring",
        },
    )
    sara.do(
        "Förbered samtycket",
        {
            "Vilka får tala med varandra?": [
                "Värnamo kommun",
                "Försäkringskassan",
                "Väster vårdcentral",
                "Arbetsförmedlingen",
            ],
            "Vad får de tala om?": [
                "Hälsa och vad man klarar",
                "Ekonomi och ersättningar",
                "Arbete, praktik och utbildning",
            ],
            "Varför behövs just de uppgifterna?": "Ohälsan hindrar arbete",
            "Gäller från": date(2027, 2, 1),
            "Gäller till": date(2027, 8, 1),
            "När slutar samtycket att gälla?": "Den dagen",
        },
    )
    sara.do("Berätta vad samtycket innebär")


def sign_annas_paper(sara: Person) -> None:
    """The paper is back; who Anna is stands in the case from here on."""
    sara.open("/cases")
    sara.follow("Björken")
    sara.follow("Papperet har kommit tillbaka")
    sara.press("Berätta det")
    sara.do(
        "Registrera underskriften",
        {
            "Hur sa personen ja?": "Underskrift på papper",
            "Vilken dag?": date(2027, 2, 1),
            "Vem sa ja?": "Personen själv",
            "Var finns originalet?": "Pärm 4 i arkivskåpet",
            "Vad har du berättat?": [
                "Vad samtycket är till för",
                "Att det går att ta tillbaka när som helst",
                "Att ett nej inte påverkar annat stöd",
                "Informationsbladet är lämnat",
            ],
            "Är det samma text som du förberedde?": "Ja",
        },
    )
    sara.do(
        "Anteckna vem det är",
        {
            "Förnamn": "Anna",
            "Efternamn": "Berg",
            "Vilket nummer har personen?": "Personnummer",
            "Numret": "19870412-2384",
            "Hur vill personen bli kontaktad?": "Ring",
        },
    )


def plan_meeting(maria: Person, day: date) -> None:
    maria.open("/meetings")
    maria.fill_in({"Dag": day, "Tid": "13:00", "Plats": "Stadshuset"})
    maria.press("Planera mötet")


def test_ac_01_the_straight_path(town: Town):
    sara, maria = town.person("sara.lindqvist"), town.person("maria.sandell")
    raise_annas_case(sara)
    sign_annas_paper(sara)
    for day in (date(2027, 3, 18), date(2027, 2, 18)):
        plan_meeting(maria, day)
    sara.open("/meetings")
    sara.follow("18 februari")
    sara.press("Sätt upp på dagordningen")
    town.push_clock_to(date(2027, 2, 16), by=maria)
    town.let_worker_run()

    sara.sign_in()
    others = [town.person(name) for name in ("ida.rask", "lena.ask", "tomas.bly")]
    for one in (sara, *others):
        assert one.due("Förbered dig inför samrådet") == "ons 17 feb"
        one.do(
            "Förbered dig inför samrådet",
            {"Jag har tagit reda på vad vi vet och får berätta": True},
        )
    sara.do(
        "Skriv underlag till mötet",
        {
            "Vad handlar underlaget om?": ["Hälsa och vad man klarar", "Ekonomi och ersättningar"],
            "Vad vill du fråga gruppen?": "Vem kan göra vad?",
            "Varför tar du upp det?": "Anna skickas runt",
            "Vad har redan prövats?": "Två arbetsprövningar",
            "Vad vill personen?": "Jag vill arbeta igen",
            "Vad har personen fått inför mötet?": ["Informationsbladet"],
            "När fick personen det?": date(2027, 2, 1),
        },
    )

    town.push_clock_to(date(2027, 2, 18), by=maria)
    for one in (maria, sara):
        one.sign_in()
    maria.open("/meetings")
    maria.follow("torsdag 18 februari")
    maria.press("Ta upp 1")
    sara.open_step("Anteckna samrådet")
    sara.press("Lägg till en organisation")
    sara.fill_in(
        {
            "Vem berättade?": "Försäkringskassan",
            "Vad handlar det om?": "Ekonomi och ersättningar",
            "Vad vet de?": "Ingen rätt till sjukpenning",
        },
        within="Organisation 1",
    )
    sara.fill_in(
        {
            "Vem berättade?": "Väster vårdcentral",
            "Vad handlar det om?": "Hälsa och vad man klarar",
            "Vad vet de?": "Behandling pågår",
        },
        within="Organisation 2",
    )
    sara.send()
    sara.open_step("Bestäm hur ni går vidare")
    sara.fill_in({"Behövs gemensam planering?": "Ja"})
    sara.press("Lägg till någon")
    for row, organisation, who in (
        (1, "Försäkringskassan", "Ida Rask"),
        (2, "Värnamo kommun", "Sara Lindqvist"),
    ):
        sara.fill_in(
            {"Organisation": organisation, "Vem?": who, "Senast när?": date(2027, 3, 4)},
            within=f"Den som träffar personen {row}",
        )
    sara.fill_in(
        {
            "Vilken organisation håller ihop ärendet?": "Värnamo kommun",
            "På vilket möte följer ni upp?": "2027-03-18 13:00, Stadshuset",
        }
    )
    sara.send()
    maria.open("/meetings")
    maria.follow("18 februari")
    maria.press("Avsluta 1")
    town.push_clock_to(date(2027, 2, 24), by=maria)
    town.let_worker_run()

    for one in (sara, *others):
        one.sign_in()
        assert one.due("Dokumentera i ditt eget system") == "tors 25 feb"
    sara.open("/cases")
    sara.follow("Anna Berg")
    expect(sara.page.locator(".sp-head .sp-tag")).to_have_text("Planering")
    sara.reads("Träffa personen")
    maria.open("/demo/mail")
    mails = maria.everything()
    assert mails.count("@") >= 8
    assert [word for word in ("Anna", "Berg", "1987", "Björken") if word in mails] == []


def test_ac_02_without_consent_a_case_reaches_no_agenda(town: Town):
    case_id = town.site.case_as_in("ac_02_no_consent_no_agenda", steps=4)
    number = town.site.number_of(case_id)
    maria = town.person("maria.sandell")
    plan_meeting(maria, date(2027, 2, 18))
    meeting = maria.page.url.split("?")[0]

    maria.reads(number, "Det finns inget samtycke", "Lägg till en allmän fråga")
    selectable = maria.page.get_by_role("button", name=f"Sätt upp på dagordningen {number}")
    offered = selectable.count()
    direct = maria.page.request.post(f"{meeting}/place", form={"case": str(case_id)})

    assert offered == 0
    assert direct.status == 403
    assert "Du kan inte göra detta" in direct.text()
    assert "no_consent" in direct.text()
    assert town.refusals(case_id) == [("refused.place-case", "no_consent")]
    maria.page.goto(meeting)
    maria.reads("Inget ärende står på dagordningen")


def test_ac_05_a_plan_that_everybody_confirms(town: Town):
    case_id = town.site.case_as_in("ac_05_sip_full", steps=6)
    per, sara, lena = (town.person(name) for name in ("per.holm", "sara.lindqvist", "lena.ask"))
    everybody = (per, sara, lena)
    per.do(
        "Anteckna vem det är",
        {
            "Förnamn": "Clara",
            "Efternamn": "Nyström",
            "Vilket nummer har personen?": "Inget svenskt nummer",
            "Hur vill personen bli kontaktad?": "Ring",
        },
    )
    for one in (sara, lena):
        one.do(
            "Svara om ni är med",
            {"Är ni med?": "Ja, vi är med", "Vem är kontaktperson hos er?": one.user_name},
        )
    per.do(
        "Bekräfta vem som samordnar",
        {
            "Vilken organisation håller ihop ärendet?": "Psykiatriska kliniken",
            "Vem blir samordnare?": "Per Holm, 0980-319 217",
            "Har samordnaren sagt ja?": "Ja",
        },
    )
    per.do(
        "Förbered mötet med personen",
        {
            "Vad är viktigt för dig?": "Jag vill kunna sova och klara praktik",
            "Vad behöver du hjälp med?": "Sömnen",
            "Fråga": "Vem ringer jag på natten?",
            "Vill du vara med på mötet?": "Ja, på plats",
        },
    )
    per.do(
        "Bestäm mötet",
        {
            "Hur ses ni?": "På plats",
            "Vilken dag?": date(2027, 3, 10),
            "Vilken tid?": "13:00",
            "Hur länge?": 60,
            "Var?": "Rum 3",
            "Vem leder mötet?": "Per Holm",
        },
    )
    for one in everybody:
        one.do(
            "Svara på inbjudan",
            {"Kommer ni?": "Ja, på plats", "Vem kommer?": "Jag själv", "Telefon": "0980-319 200"},
        )
    for one in everybody:
        one.do(
            "Lämna underlag till mötet",
            {"Vad handlar det om?": "Arbete, praktik och utbildning", "Vad gör ni redan?": "Stöd"},
        )
    town.pass_time(timedelta(minutes=30))
    per.do("Håll mötet")
    write_claras_plan(per)
    for one in everybody:
        one.do("Bekräfta era insatser", {"Kan ni göra det som står i planen?": "Ja, vi gör det"})
    per.do(
        "Låt personen godkänna planen",
        {
            "Säger personen ja till planen?": "Ja",
            "När fick personen sitt exemplar?": date(2027, 3, 1),
            "Hur fick personen det?": "På papper",
        },
    )
    for one in everybody:
        one.do(
            "Dokumentera i ditt eget system",
            {
                "När dokumenterade du?": date(2027, 3, 1),
                "I vilket system?": "Journalen",
                "Stämmer det som antecknades från er?": "Ja",
            },
        )

    per.open(f"/cases/{case_id}/plan")
    per.reads(
        "Clara Nyström",
        "Jag vill kunna sova och klara praktik",
        "Per Holm",
        "Psykiatriska kliniken har huvudansvaret",
        "1. Sova hela natten",
        "2. Klara praktiken",
        "Sömnbehandling",
        "Boendestöd på morgonen",
        "Praktik två dagar i veckan",
        "Hälsosamtal",
        "10 juni",
    )
    assert per.due("Förbered uppföljningen") == "tors 10 juni"
    per.open(f"/cases/{case_id}")
    per.reads("bekräftad")
    per.follow("Visa hela diagrammet")


def write_claras_plan(per: Person) -> None:
    """Two goals and four measures, with everything that a plan must hold by law."""
    per.open_step("Skriv planen")
    per.press("Lägg till ett mål")
    for _ in range(3):
        per.press("Lägg till en insats")
    per.fill_in(
        {
            "Vad är viktigt för personen?": "Jag vill kunna sova och klara praktik",
            "Vilka var med på mötet?": [
                "Psykiatriska kliniken",
                "Värnamo kommun",
                "Väster vårdcentral",
            ],
            "Vem har huvudansvaret?": "Psykiatriska kliniken",
            "Vem är samordnare?": "Per Holm",
            "När följer ni upp?": date(2027, 6, 10),
        }
    )
    goals = (
        ("Sova hela natten", "Snart", "Må bättre", date(2027, 5, 15)),
        ("Klara praktiken", "På längre sikt", "Klara arbete eller studier", date(2027, 6, 10)),
    )
    for row, (text, horizon, area, day) in enumerate(goals, 1):
        per.fill_in(
            {
                "Vad ska bli annorlunda?": text,
                "När?": horizon,
                "Vad handlar målet om?": area,
                "Senast när?": day,
            },
            within=f"Mål {row}",
        )
    measures = (
        ("Sömnbehandling", 1, "Psykiatriska kliniken", "Per Holm"),
        ("Boendestöd på morgonen", 1, "Värnamo kommun", "Sara Lindqvist"),
        ("Praktik två dagar i veckan", 2, "Värnamo kommun", "Maria Sandell"),
        ("Hälsosamtal", 2, "Väster vårdcentral", "Lena Ask"),
    )
    for row, (text, goal, organisation, who) in enumerate(measures, 1):
        per.fill_in(
            {
                "Vad ska göras?": text,
                "Till vilket mål?": goal,
                "Vilken organisation ansvarar?": organisation,
                "Vem gör det?": who,
                "Från": date(2027, 3, 15),
                "Klart senast": date(2027, 5, 15),
            },
            within=f"Insats {row}",
        )
    per.fill_in(
        {"Organisation": "Psykiatriska kliniken", "Namn": "Per Holm", "Telefon": "0980-319 217"},
        within="Kontaktperson 1",
    )
    per.send()


def late_and_open(manager: Person) -> tuple[str, str]:
    """The own organisation's cells of “late by organisation”."""
    manager.open("/overview")
    row = manager.page.locator("tr").filter(has_text="(vi)")
    late, still_open = row.get_by_role("cell").all_inner_texts()
    return late, still_open


def test_ac_11_an_unanswered_invitation_comes_to_the_manager_of_that_organisation(town: Town):
    case_id = town.site.case_as_in("ac_11_overdue", steps=14)
    a_new_colleague(town, of="lena.ask", name="Vera Nyman")
    berit, gun = town.person("berit.ny"), town.person("gun.sten")
    assert late_and_open(gun) == ("0", "1")

    town.push_clock_to(date(2027, 3, 8), by=berit)
    town.let_worker_run()
    reminded = town.reminded(case_id)
    town.push_clock_to(date(2027, 3, 18), by=berit)
    town.let_worker_run()

    assert reminded == town.reminded(case_id) == ["vc_vaster"]
    berit.sign_in()
    assert berit.steps() == []
    gun.sign_in()
    assert gun.steps() == ["Se till att inbjudan besvaras"]
    late, still_open = late_and_open(gun)
    assert (late, still_open) == ("1", "2")
    gun.reads(town.site.number_of(case_id), "Svara på inbjudan", "10 dagar försenad")
    gun.page.locator("#late").get_by_role("link", name="Ge till").click()
    gun.page.get_by_label("Vera Nyman").check()
    gun.press("Ge")
    gun.reads("Vera Nyman")

    vera = town.person("vera.nyman")
    vera.do(
        "Svara på inbjudan",
        {"Kommer ni?": "Ja, digitalt", "Vem kommer?": "Vera Nyman", "Telefon": "0980-319 220"},
    )
    assert late_and_open(gun)[0] == "0"
    assert gun.steps() == []


def a_new_colleague(town: Town, *, of: str, name: str) -> None:
    """Somebody who holds what this person holds, and can sign in."""
    app = town.site.application
    account_id = a_colleague(app, of, name)
    with app.database.transaction() as tx:
        set_password(tx, account_id, PASSWORD)


def test_a_withdrawal_in_the_middle_of_planning_stops_everything(town: Town):
    case_id = town.site.case_as_in("withdrawal_in_planning", steps=15)
    per, sara, lena = (town.person(name) for name in ("per.holm", "sara.lindqvist", "lena.ask"))
    for one in (per, sara, lena):
        assert one.steps() == ["Lämna underlag till mötet"]
    sara.open_step("Lämna underlag till mötet")
    sara.fill_in(
        {"Vad handlar det om?": "Arbete, praktik och utbildning", "Vad gör ni redan?": "Praktik"}
    )

    per.open(f"/cases/{case_id}")
    per.open_more("Något annat")
    per.follow("Personen tar tillbaka sitt samtycke")
    per.fill_in(
        {
            "När sa personen det?": date(2027, 3, 1),
            "Hur sa personen det?": "Per telefon",
            "Vad tar personen tillbaka?": "Hela samtycket",
        }
    )
    per.press("Berätta det")
    with sara.page.expect_response("**/tasks/*") as answer:
        sara.page.get_by_role("button", name="Skicka").click()

    assert answer.value.status == 409
    sara.reads("Uppgiften behövs inte längre")
    assert town.entries_of(case_id, "give_input") == 0
    assert per.steps() == ["Bekräfta för personen", "Sluta använda uppgifterna"]
    for one in (sara, lena):
        assert one.steps() == ["Sluta använda uppgifterna"]


def test_two_people_do_the_same_step_and_the_second_loses_nothing(town: Town):
    town.site.case_as_in("ac_05_sip_full", steps=7)
    sara, maria = town.person("sara.lindqvist"), town.person("maria.sandell")
    for one in (sara, maria):
        one.open_step("Svara om ni är med")
        one.fill_in(
            {
                "Är ni med?": "Ja, vi är med",
                "Vem är kontaktperson hos er?": f"{one.user_name}, 0980-319 201",
            }
        )

    sara.send()
    with maria.page.expect_response("**/tasks/*") as answer:
        maria.page.get_by_role("button", name="Skicka").click()

    assert answer.value.status == 409
    assert maria.heading() == "Sara Lindqvist har redan gjort den här uppgiften"
    maria.eyes.look(maria.page)
    maria.reads("måndag 1 mars 10:00", "Det du hade skrivit", "maria.sandell, 0980-319 201")


def talk_with_anna(sara: Person) -> None:
    sara.open_step("Prata med personen")
    sara.fill_in(
        {
            "När talade ni med varandra?": date(2027, 2, 1),
            "Vad har personen fått?": ["Informationsbladet", "Det lästes upp"],
            "Vill personen att ni samarbetar?": "Ja",
            "Vad är viktigt för personen?": "Att slippa berätta allt en gång till",
            "Hur vill personen bli kontaktad?": "Brev",
        }
    )


def test_typed_answers_survive_the_new_sign_in_of_the_same_person(town: Town):
    town.site.case_as_in("ac_01_arena_straight", steps=1)
    sara = town.person("sara.lindqvist")
    talk_with_anna(sara)
    town.pass_time(timedelta(hours=2))

    sara.press("Skicka")
    sara.reads("Det du skrivit finns kvar")
    sara.enter()

    sara.reads("Här är det du hade skrivit")
    expect(sara.page.get_by_label("Vad är viktigt för personen?")).to_have_value(
        "Att slippa berätta allt en gång till"
    )
    expect(sara.page.get_by_label("Det lästes upp")).to_be_checked()
    expect(sara.page.get_by_label("Brev")).to_be_checked()
    sara.send()
    assert sara.heading() == "Förbered samtycket"


def test_typed_answers_are_never_shown_to_somebody_else(town: Town):
    case_id = town.site.case_as_in("ac_01_arena_straight", steps=1)
    sara = town.person("sara.lindqvist")
    talk_with_anna(sara)
    town.pass_time(timedelta(hours=2))

    sara.press("Skicka")
    sara.user_name = "maria.sandell"
    sara.enter()

    sara.reads("Det som någon annan hade skrivit")
    assert "slippa berätta" not in sara.page.content()
    assert town.entries_of(case_id, "talk_with_person") == 0


def test_without_javascript_everything_that_staff_do_still_works(town: Town):
    town.site.case_as_in("ac_01_arena_straight", steps=1)
    sara = town.person("sara.lindqvist", script=False)

    talk_with_anna(sara)
    sara.press("Spara och fortsätt senare")
    sara.reads("Sparat")
    sara.send()

    assert sara.heading() == "Förbered samtycket"
    sara.open("/cases")
    sara.page.get_by_role("main").locator(".sp-rows a").first.click()
    sara.reads("Förbered samtycket")
