# SPDX-License-Identifier: Apache-2.0
"""The reliability diagram, as SVG that says the same in print, in the dark and to a reader."""
from calibration import binned

SIZE, LEFT, TOP = 360, 56, 20


def place(p, turned_out):
    return LEFT + SIZE * p / 1000, TOP + SIZE * (1 - turned_out)


def line(x1, y1, x2, y2, style):
    return f'<line x1="{x1:.1f}" y1="{y1:.1f}" x2="{x2:.1f}" y2="{y2:.1f}" class="{style}"/>'


def text(x, y, words, anchor="middle"):
    return f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}">{words}</text>'


def axes():
    out = [line(*place(0, 0), *place(1000, 1), "even")]
    for tenth in range(0, 11, 2):
        x, y = place(tenth * 100, 0)
        out += [line(x, TOP, x, y, "grid"), text(x, y + 16, f"{tenth * 10} %")]
        x, y = place(0, tenth / 10)
        out += [line(x, y, x + SIZE, y, "grid"), text(x - 6, y + 4, f"{tenth * 10} %", "end")]
    x, y = place(500, 0)
    out.append(text(x, y + 34, "probability of footage that porchlight told"))
    out.append(f'<text transform="translate(14,{TOP + SIZE / 2}) rotate(-90)" '
               'text-anchor="middle">share that was footage</text>')
    return out


def dots(pairs, bins):
    out = []
    for cases in binned(pairs, bins):
        p = sum(raw for raw, _ in cases) / len(cases)
        turned_out = sum(true for _, true in cases) / len(cases)
        x, y = place(p, turned_out)
        out.append(f'<circle cx="{x:.1f}" cy="{y:.1f}" r="5"><title>{len(cases)} episodes: told '
                   f"{p / 10:.1f} %, came {100 * turned_out:.1f} %</title></circle>")
    return out


def reliability(pairs, bins=15):
    """pairs: (thousandths told, footage or not) of held-out makers."""
    style = ("text{font:11px sans-serif;fill:#1b1e24}.grid{stroke:#d9d6ce}.even{stroke:#565d69;"
             "stroke-dasharray:4 3}circle{fill:#b26200}rect{fill:#fbfaf7}")
    head = (f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {LEFT + SIZE + 24} '
            f'{TOP + SIZE + 44}" role="img" aria-labelledby="t d">\n<title id="t">Reliability of '
            f"the probability of footage</title>\n<desc id=\"d\">{len(pairs)} episodes of makers "
            "that were held out, in bins of equal size: what was told against what it was."
            f'</desc>\n<style>{style}</style>\n<rect width="100%" height="100%"/>')
    return "\n".join([head, *axes(), *dots(pairs, bins), "</svg>"]) + "\n"
