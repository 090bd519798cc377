"""The samples as a Markdown table."""
from goals import ROWS

OURS, TONIC = "extproc", "tonic"


def figure(value):
    return "" if value is None else f"{value:,.0f}" if abs(value) >= 100 else f"{value:.1f}" if abs(value) >= 10 else f"{value:.3g}"


def verdict(row, ours, peer, ratio):
    if row.no_more:
        return "no more", "no peer to compare with" if peer is None else "met" if ours <= peer else "**not met**"
    measured = ratio if row.ratio else ours
    if row.goal is None:
        return "", "reported"
    if measured is None:
        return f"<= {row.goal:g}", "no peer to compare with" if row.ratio else "not measured"
    return f"<= {row.goal:g}", "met" if round(measured, 3) <= row.goal else "**not met**"


def lines(samples):
    yield "| work | unit | extproc | tonic | ratio | goal | |"
    yield "|---|---|---:|---:|---:|---:|---|"
    for row in ROWS:
        ours, peer = samples.median(row.key, OURS), samples.median(row.key, row.peer)
        if ours is None:
            continue
        ratio = ours / peer if peer else None
        goal, met = verdict(row, ours, peer, ratio)
        yield f"| {row.title} | {row.unit} | {figure(ours)} | {figure(peer)} | {'' if ratio is None else f'{ratio:.2f}'} | {goal} | {met} |"


def left_out(samples):
    return [row.title for row in ROWS if samples.median(row.key, OURS) is None]
