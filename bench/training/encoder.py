"""Adapt the encoder to biomedicine, and to finding abstracts for claims.

    python -m bench.training.encoder DATA OUT --weights FOLDER [--folds 5]

Contrastive learning with the other pairs of a batch as negatives (InfoNCE, temperature
0.05) in two stages: title ↔ abstract and conclusion ↔ rest of 25,000 real abstracts;
then claim → abstract from the licensed sets with near misses by BM25 as hard negatives.
With --folds the second stage is repeated without each fifth of the SciFact claims, and
nDCG@10 is told for the claims left out, alone and fused with BM25.
"""

import argparse
import gzip
import json
import math
import random
import sys
import time
from collections import defaultdict
from pathlib import Path

import numpy as np
import torch
from safetensors.torch import save_file
from torch.nn import functional as F

from bench.training.reader import Coder, fold_of, load_base, read

LONGEST = 320
QUERY = 96
TEMPERATURE = 0.05


def code(coder, text_parts, longest):
    ids = [t for part in text_parts for t in coder.ids(part)]
    return [101, *ids[: longest - 2], 102]


def pad(lists, device):
    longest = max(map(len, lists))
    ids = np.zeros((len(lists), longest), np.int64)
    mask = np.zeros_like(ids)
    for k, own in enumerate(lists):
        ids[k, : len(own)] = own
        mask[k, : len(own)] = 1
    return torch.from_numpy(ids).to(device), torch.from_numpy(mask).to(device)


def embed(body, lists, device):
    ids, mask = pad(lists, device)
    with torch.autocast(device, torch.bfloat16):
        hidden = body(input_ids=ids, attention_mask=mask).last_hidden_state
    weight = mask.unsqueeze(-1).float()
    mean = (hidden.float() * weight).sum(1) / weight.sum(1)
    return F.normalize(mean, dim=-1)


def title_pairs(texts, coder, rng):
    """Return (query ids, abstract ids): title or conclusion against the rest."""
    made = []
    for t in texts:
        sents, cats = t["sents"], t["cats"]
        if len(t["title"]) > 20:
            made.append((code(coder, [t["title"]], QUERY), code(coder, sents, LONGEST)))
        ends = [i for i, c in enumerate(cats) if c == "CONCLUSIONS"] or [len(sents) - 1]
        pick = rng.choice(ends)
        rest = [s for i, s in enumerate(sents) if i not in ends]
        if len(rest) > 2:
            head = [t["title"]] if rng.random() < 0.5 else []
            made.append(
                (
                    code(coder, [sents[pick]], QUERY),
                    code(coder, [*head, *rest], LONGEST),
                )
            )
    return made


def claim_pairs(rows, coder):
    """Return (claim ids, abstract ids, [near-miss ids], group, source)."""
    near = defaultdict(list)
    for r in rows:
        if r["src"] == "scifact-near" or (r["src"] == "silver" and r["label"] == "N"):
            near[r["claim"]].append(code(coder, [r["title"], *r["sents"]], LONGEST))
    seen, made = set(), []
    for r in rows:
        if r["src"] not in {"scifact", "covid-train", "silver", "pubmedqa", "bioasq",
                            "ei2-train"}:  # fmt: skip
            continue
        if r["label"] == "N" and r["src"] != "scifact":
            continue
        if r["src"] == "ei2-train" and r["label"] != "S":
            continue
        key = (r["claim"], r["sents"][0])
        if key in seen or len(" ".join(r["sents"])) < 200:
            continue
        seen.add(key)
        made.append((code(coder, [r["claim"]], QUERY),
                     code(coder, [r["title"], *r["sents"]], LONGEST),
                     near.get(r["claim"], []), r["group"], r["src"]))  # fmt: skip
    return made


def train(body, pairs, device, *, epochs, rate, size, seed, name):
    rng = random.Random(seed)
    steps = epochs * math.ceil(len(pairs) / size)
    best = torch.optim.AdamW(body.parameters(), lr=rate, weight_decay=0.01)
    turn = torch.optim.lr_scheduler.LambdaLR(
        best, lambda s: min((s + 1) / (0.1 * steps + 1), max(0.02, 1 - s / steps))
    )
    body.train()
    began = time.time()
    for epoch in range(epochs):
        order = rng.sample(range(len(pairs)), len(pairs))
        for at in range(0, len(order), size):
            part = [pairs[i] for i in order[at : at + size]]
            if len(part) < 8:
                continue
            docs = [p[1] for p in part]
            hard = [rng.choice(p[2]) for p in part if len(p) > 2 and p[2]]
            q = embed(body, [p[0] for p in part], device)
            d = embed(body, docs + hard, device)
            scores = q @ d.T / TEMPERATURE
            same = [[j != i and docs[i] == other for j, other in enumerate(docs + hard)]
                    for i in range(len(docs))]  # fmt: skip
            scores = scores.masked_fill(torch.tensor(same, device=device), -1e4)
            wanted = torch.arange(len(part), device=device)
            loss = F.cross_entropy(scores, wanted)
            back = F.cross_entropy(scores[:, : len(part)].T, wanted)
            (loss + 0.5 * back).backward()
            torch.nn.utils.clip_grad_norm_(body.parameters(), 1.0)
            best.step()
            turn.step()
            best.zero_grad(set_to_none=True)
        print(f"  {name} epoch {epoch} {len(pairs)} pairs {time.time() - began:.0f}s"
              f" loss {loss.item():.3f}", flush=True)  # fmt: skip
    body.eval()


@torch.no_grad()
def vectors(body, lists, device, size=256):
    order = sorted(range(len(lists)), key=lambda i: len(lists[i]))
    out = np.zeros((len(lists), 384), np.float32)
    for at in range(0, len(order), size):
        part = order[at : at + size]
        out[part] = embed(body, [lists[i] for i in part], device).cpu().numpy()
    return out


def some(pairs, most, rng):
    """Return at most that many of the pairs, drawn by chance."""
    return pairs if most is None or most >= len(pairs) else rng.sample(pairs, most)


def gain(ranked, wanted):
    """Return nDCG@10 with gains of 1."""
    got = sum(1 / math.log2(i + 2) for i, d in enumerate(ranked[:10]) if d in wanted)
    return got / sum(1 / math.log2(i + 2) for i in range(min(10, len(wanted))))


def tell(name, body, runs, corpus, coded, coder, device, keep):
    names = [d["id"] for d in corpus]
    docs = vectors(body, coded, device)
    queries = vectors(body, [code(coder, [r["claim"]], QUERY) for r in runs], device)
    scores = queries @ docs.T
    keep["dense"] += [gain([names[i] for i in np.argsort(-s)[:10]], set(map(int, r["cited"])))
                      for s, r in zip(scores, runs)]  # fmt: skip
    place = {d: i for i, d in enumerate(names)}
    for share in (0.3, 0.4, 0.5, 0.6, 0.7):
        for s, r in zip(scores, runs):
            best = {d: x for d, x in r["bm25"] if d in place}
            top = max(best.values(), default=1)
            pool = set(best) | {names[i] for i in np.argsort(-s)[:100]}
            low, high = float(np.median(s)), float(s.max())
            mixed = {d: share * (s[place[d]] - low) / (high - low)
                     + (1 - share) * best.get(d, 0) / top for d in pool}  # fmt: skip
            ranked = sorted(pool, key=lambda d: -mixed[d])
            keep[f"fused {share}"].append(gain(ranked, set(map(int, r["cited"]))))
    print(name, {k: (len(v), round(float(np.mean(v)), 4)) for k, v in keep.items()}, flush=True)  # fmt: skip


def main() -> int:
    ask = argparse.ArgumentParser(description=__doc__)
    ask.add_argument("data", type=Path)
    ask.add_argument("out", type=Path)
    ask.add_argument("--weights", type=Path, required=True)
    ask.add_argument("--folds", type=int, default=0)
    ask.add_argument("--titles", type=int, default=2, help="epochs of title pairs")
    ask.add_argument("--claims", type=int, default=3, help="epochs of claim pairs")
    ask.add_argument("--rate", type=float, default=5e-5)
    ask.add_argument("--size", type=int, default=256)
    ask.add_argument("--name", default="encoder")
    ask.add_argument("--sample", type=float, default=1.0)
    ask.add_argument("--dropout", type=float, default=0.1, help="0 is faster by far")
    ask.add_argument("--most-titles", type=int, help="pairs of titles, by chance")
    ask.add_argument("--most-others", type=int, help="the same, claims not of SciFact")
    ask.add_argument("--folds-only", action="store_true", help="measure, keep nothing")
    args = ask.parse_args()
    args.out.mkdir(parents=True, exist_ok=True)
    device = "cuda" if torch.cuda.is_available() else "cpu"
    torch.manual_seed(1)
    rng = random.Random(1)
    coder = Coder(args.weights / "tokenizer.json")
    texts = read(args.data / "texts.jsonl.gz")
    rows = read(args.data / "pairs.jsonl.gz")
    runs = read(args.data / "runs.jsonl.gz")
    corpus = read(args.data / "corpus.jsonl.gz")
    if args.sample < 1:
        texts, rows, runs, corpus = (x[: max(60, int(len(x) * args.sample))]
                                     for x in (texts, rows, runs, corpus))  # fmt: skip
    coded = [code(coder, [d["title"], *d["sents"]], LONGEST) for d in corpus]
    body = load_base(args.weights, args.dropout).body.to(device)
    tell("as it comes", body, runs, corpus, coded, coder, device, defaultdict(list))
    made = some(title_pairs(texts, coder, rng), args.most_titles, rng)
    if args.titles:
        train(body, made, device, epochs=args.titles, rate=args.rate, size=args.size,
              seed=1, name="titles")  # fmt: skip
        tell(
            "after titles", body, runs, corpus, coded, coder, device, defaultdict(list)
        )
    start = {k: v.clone() for k, v in body.state_dict().items()}
    claims = claim_pairs(rows, coder)
    others = some([c for c in claims if c[4] != "scifact"], args.most_others, rng)
    claims = [c for c in claims if c[4] == "scifact"] + others
    fold = fold_of([r["group"] for r in runs], args.folds or 1)
    keep: dict[str, list[float]] = defaultdict(list)
    for k in range(args.folds):
        body.load_state_dict(start)
        learn = [c for c in claims if c[4] != "scifact" or fold.get(c[3], -1) != k]
        train(body, learn, device, epochs=args.claims, rate=args.rate / 2,
              size=args.size // 2, seed=k, name=f"claims {k}")  # fmt: skip
        here = [r for r in runs if fold[r["group"]] == k]
        tell(f"fold {k}", body, here, corpus, coded, coder, device, keep)
    if args.folds_only:
        return 0
    body.load_state_dict(start)
    train(body, claims, device, epochs=args.claims, rate=args.rate / 2,
          size=args.size // 2, seed=9, name="claims, all")  # fmt: skip
    state = {k: v.half().contiguous().cpu() for k, v in body.state_dict().items()
             if v.is_floating_point()}  # fmt: skip
    save_file(state, args.out / f"{args.name}.safetensors")
    with gzip.open(args.out / f"{args.name}-figures.json.gz", "wt") as file:
        json.dump(keep, file)
    return 0


if __name__ == "__main__":
    sys.exit(main())
