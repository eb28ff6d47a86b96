"""Lines of documents end where it is easy to read on, and the words stay the same."""

import pytest

from publishing.typesetting import tied


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("80 % av 12 aktiviteter", "80~% av 12~aktiviteter"),
        ("10 000 kr", "10~000~kr"),
        ("4 av 4 kommuner", "4~av~4~kommuner"),
        ("28 ej påbörjade", "28~ej~påbörjade"),
        ("+2,1 sedan 2015", "+2,1~sedan~2015"),
        ("se s. 4, eller sidan 12", "se s.~4, eller sidan~12"),
        ("t ex om kultur – och idrott", "t~ex om kultur~– och idrott"),
        ("åren 2016–2018", 'åren <span class="tied">2016–2018</span>'),
        ("nya e-tjänster", 'nya <span class="tied">e-tjänster</span>'),
    ],
)
def test_what_belongs_together_stays_on_a_line(before: str, after: str) -> None:
    assert tied(f"<p>{before}</p>") == f"<p>{after}</p>".replace("~", "\N{NO-BREAK SPACE}")


def test_the_last_word_of_the_sentence_that_opens_is_never_alone() -> None:
    html = '<p class="says">\n<b>Ett mål</b> är uppnått. Tre saknar ansvarig.\n</p>'

    assert tied(html).endswith("saknar\N{NO-BREAK SPACE}ansvarig.\n</p>")


@pytest.mark.parametrize(
    "html",
    [
        "<head><title>4 av 4 kommuner</title></head>",
        '<svg width="4 cm"><title>3 pågår</title></svg>',
        '<p title="3 pågår">Hösten 2016 och 2017</p>',
        "<pre>4 av 4 kommuner</pre>",
        "<p>Nyköpings-Oxelösunds 4M-nätverk &#39;x&#39; 2016-12-02</p>",
    ],
)
def test_everything_else_stays_as_it_is(html: str) -> None:
    assert tied(html) == html
