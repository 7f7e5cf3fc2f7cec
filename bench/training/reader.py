"""Train the reader: claim and abstract in, stance, rationale and roles out.

    python -m bench.training.reader DATA OUT --stage warm|folds|final …

One cross-encoder on the MiniLM body. It reads `[CLS] claim [SEP] title [SEP] s1 s2 …
[SEP]`; a sentence is the mean of its tokens. Heads: stance of the pair (supports,
contradicts, silent) from [CLS] and the sentences weighted by their rationale; for each
sentence, whether it is rationale and which role it plays in the abstract. After
Wadden et al., MultiVerS, Findings of NAACL 2022 (long context, joint loss, warm-up on
FEVER and weakly labelled abstracts); here at a hundredth of the size.
"""

import argparse
import gzip
import json
import lzma
import math
import queue
import random
import sys
import threading
import time
from collections import defaultdict
from pathlib import Path

import numpy as np
import torch
from safetensors.torch import load_file, save_file
from tokenizers import Tokenizer
from torch import nn
from torch.nn import functional as F
from transformers import BertConfig, BertModel

LABELS = "SCN"
LONGEST = 448
"""Tokens read at most; beyond it the first sentences of an abstract are left out."""
ROLES = 5
PAD = -100

WARM = {
    ("fever", "S"): 1, ("fever", "C"): 1, ("fever", "N"): 1, ("negation", "S"): 1,
    ("negation", "C"): 1, ("negation", "N"): 1, ("negation", "CN"): 1,
    ("silver", "S"): 1, ("silver", "C"): 1, ("silver", "N"): 1,
    ("ei2-train", "S"): 1, ("ei2-train", "C"): 0.5, ("roles-train", None): 1,
}  # fmt: skip
"""How often a pair of a source and label is drawn in an epoch of warming up."""
HEALTH = {
    ("scifact", "S"): 3, ("scifact", "C"): 4, ("scifact", "N"): 2,
    ("scifact-near", "N"): 0.8, ("covid-train", "S"): 1.5, ("covid-train", "C"): 1.5,
    ("covid-train", "N"): 1.5, ("ei2-train", "S"): 0.7, ("ei2-train", "C"): 0.35,
    ("pubmedqa", "S"): 1, ("pubmedqa", "C"): 1.3, ("bioasq", "S"): 0.8,
    ("bioasq", "C"): 1.2, ("silver", "S"): 0.2, ("silver", "C"): 0.2, ("silver", "N"): 0.2,
    ("roles-train", None): 0.7, ("fever", "S"): 0.1, ("fever", "C"): 0.1,
    ("fever", "N"): 0.1, ("negation", "S"): 0.5, ("negation", "C"): 0.5,
    ("negation", "N"): 0.4, ("negation", "CN"): 0.3,
}  # fmt: skip
"""The same for the second stage: about equal thirds of the three answers."""


class Reader(nn.Module):
    """The body and its three heads."""

    def __init__(self, config: BertConfig) -> None:
        super().__init__()
        width = config.hidden_size
        self.body = BertModel(config, add_pooling_layer=False)
        self.rationale = nn.Sequential(
            nn.Linear(width, width), nn.GELU(), nn.Linear(width, 1)
        )
        self.role = nn.Linear(width, ROLES)
        self.stance = nn.Sequential(
            nn.Dropout(0.1), nn.Linear(2 * width, width), nn.GELU(), nn.Dropout(0.1),
            nn.Linear(width, 3),
        )  # fmt: skip

    def forward(self, ids, types, mask, pool):
        """Return (stance B×3, rationale B×S, role B×S×5) as logits.

        pool: B×S×T, row s holds 1/length at the tokens of sentence s, else 0.
        """
        hidden = self.body(
            input_ids=ids, token_type_ids=types, attention_mask=mask
        ).last_hidden_state
        sentences = torch.bmm(pool.to(hidden.dtype), hidden)
        told = self.rationale(sentences).squeeze(-1)
        here = pool.sum(-1) > 0
        share = torch.softmax(told.float().masked_fill(~here, -1e4), -1)
        gist = torch.bmm(share.unsqueeze(1).to(hidden.dtype), sentences).squeeze(1)
        stance = self.stance(torch.cat([hidden[:, 0], gist], -1))
        return stance.float(), told.float(), self.role(sentences).float()


class Coder:
    """Turns a pair into token ids and the places of its sentences."""

    def __init__(self, path: Path) -> None:
        self.tokens = Tokenizer.from_file(str(path))
        self.tokens.no_truncation()
        self.tokens.no_padding()
        self.known: dict[str, list[int]] = {}

    def ids(self, text: str) -> list[int]:
        if text not in self.known:
            self.known[text] = self.tokens.encode(text, add_special_tokens=False).ids
        return self.known[text]

    def learn(self, rows) -> None:
        """Cut every sentence of the rows into tokens at once, on all cores."""
        texts = {t for r in rows for t in (r["claim"], r["title"], *r["sents"])}
        ordered = sorted(texts - self.known.keys())
        done = self.tokens.encode_batch_fast(ordered, add_special_tokens=False)
        self.known.update(zip(ordered, (e.ids for e in done)))

    def code(self, claim: str, title: str, sents: list[str]):
        """Return (ids, length of the first part, [(start, end) or None a sentence])."""
        head = [101, *self.ids(claim)[:96], 102]
        body = [*self.ids(title)[:64], 102]
        parts = [self.ids(s)[:128] or [100] for s in sents]
        room = LONGEST - len(head) - len(body) - 1
        first = 0
        while sum(map(len, parts[first:])) > room:
            first += 1
        ids, spans = head + body, [None] * first
        for part in parts[first:]:
            spans.append((len(ids), len(ids) + len(part)))
            ids = ids + part
        return [*ids, 102], len(head), spans


def read(path: Path):
    """Return the rows of a compressed JSON-lines file; .xz is read where it lies."""
    packed = path.with_suffix(".xz")
    opened = lzma.open if packed.exists() else gzip.open
    with opened(packed if packed.exists() else path, "rt", encoding="utf-8") as file:
        return [json.loads(line) for line in file]


def make_example(coder, row):
    ids, first, spans = coder.code(row["claim"], row["title"], row["sents"])
    rationale = [PAD] * len(spans)
    if row["rationale"] is not None and row["label"] is not None:
        told = {i for own in row["rationale"] for i in own}
        rationale = [int(i in told) for i in range(len(spans))]
    label = {"S": 0, "C": 1, "N": 2, "CN": 3, None: PAD}[row["label"]]
    return ids, first, spans, label, rationale, row["roles"] or [PAD] * len(spans)


def batches(examples, size, rng=None):
    """Yield lists of indices of about `size`×300 tokens, like lengths together."""
    order = list(range(len(examples)))
    if rng:
        rng.shuffle(order)
    chunk = size * 50 if rng else max(1, len(order))
    made = []
    for at in range(0, len(order), chunk):
        part = sorted(order[at : at + chunk], key=lambda i: len(examples[i][0]))
        made += [part[i : i + size] for i in range(0, len(part), size)]
    if rng:
        rng.shuffle(made)
    return made


def collate(examples, device):
    longest = max(len(e[0]) for e in examples)
    most = max(len(e[2]) for e in examples)
    n = len(examples)
    ids = np.zeros((n, longest), np.int64)
    types = np.zeros((n, longest), np.int64)
    mask = np.zeros((n, longest), np.int64)
    pool = np.zeros((n, most, longest), np.float32)
    label = np.array([e[3] for e in examples])
    rationale = np.full((n, most), PAD)
    role = np.full((n, most), PAD)
    for k, (tokens, first, spans, _, told, roles) in enumerate(examples):
        ids[k, : len(tokens)] = tokens
        mask[k, : len(tokens)] = 1
        types[k, first : len(tokens)] = 1
        for s, span in enumerate(spans):
            if span:
                pool[k, s, span[0] : span[1]] = 1 / (span[1] - span[0])
                rationale[k, s] = told[s]
                role[k, s] = roles[s]
    arrays = (ids, types, mask, pool, label, rationale, role)
    return [torch.from_numpy(a).to(device, non_blocking=True) for a in arrays]


def ahead(made, depth=6):
    """Yield what an iterator makes, made ahead of time in a thread of its own."""
    waiting: queue.Queue = queue.Queue(depth)
    end = object()

    def work():
        for item in made:
            waiting.put(item)
        waiting.put(end)

    threading.Thread(target=work, daemon=True).start()
    while (item := waiting.get()) is not end:
        yield item


def loss_of(out, label, rationale, role, smooth):
    stance, told, roles = out
    loss = stance.sum() * 0
    known = (label >= 0) & (label < 3)
    if known.any():
        loss = loss + F.cross_entropy(
            stance[known], label[known], label_smoothing=smooth
        )
    vague = label == 3
    if vague.any():
        other = 1 - F.softmax(stance[vague], -1)[:, 0]
        loss = loss - 0.3 * torch.log(other.clamp_min(1e-5)).mean()
    here = rationale >= 0
    if here.any():
        loss = loss + F.binary_cross_entropy_with_logits(
            told[here], rationale[here].float(), pos_weight=told.new_tensor(1.5)
        )
    here = role >= 0
    if here.any():
        loss = loss + 0.3 * F.cross_entropy(roles[here], role[here])
    return loss


def draw(rows, plan, rng):
    """Return the rows of one epoch: each as often as the plan says, by chance."""
    drawn = []
    claims = [r["claim"] for r in rows if r["src"] in {"silver", "scifact"}]
    for row in rows:
        times = plan.get((row["src"], row["label"]), 0)
        for _ in range(int(times) + (rng.random() < times % 1)):
            if row["label"] is None and rng.random() < 0.7:
                row = {**row, "claim": rng.choice(claims)}
            drawn.append(row)
    return drawn


def train(model, rows, plan, coder, *, epochs, rate, size, seed, device, smooth=0.05):
    rng = random.Random(seed)
    torch.manual_seed(seed)
    plans = [draw(rows, plan, rng) for _ in range(epochs)]
    steps = sum(math.ceil(len(p) / size) for p in plans)
    heads = [p for n, p in model.named_parameters() if not n.startswith("body")]
    body = [p for n, p in model.named_parameters() if n.startswith("body")]
    best = torch.optim.AdamW(
        [{"params": body, "lr": rate}, {"params": heads, "lr": rate * 3}],
        weight_decay=0.01, fused=device == "cuda",
    )  # fmt: skip
    turn = torch.optim.lr_scheduler.LambdaLR(
        best, lambda s: min((s + 1) / (0.08 * steps + 1), max(0.02, 1 - s / steps))
    )
    model.train()
    began, done, told = time.time(), 0, 0.0
    for epoch, chosen in enumerate(plans):
        examples = [make_example(coder, r) for r in chosen]
        for ids, types, mask, pool, *wanted in ahead(
            collate([examples[i] for i in batch], "cpu")
            for batch in batches(examples, size, rng)
        ):
            ids, types, mask, pool, *wanted = (
                a.to(device, non_blocking=True)
                for a in (ids, types, mask, pool, *wanted)
            )
            with torch.autocast(device, torch.bfloat16, enabled=device == "cuda"):
                out = model(ids, types, mask, pool)
            loss = loss_of(out, *wanted, smooth)
            loss.backward()
            nn.utils.clip_grad_norm_(model.parameters(), 1.0)
            best.step()
            turn.step()
            best.zero_grad(set_to_none=True)
            done += 1
            if done % 50 == 0:
                told = loss.item()
        spent = time.time() - began
        print(
            f"  epoch {epoch} {len(chosen)} pairs {spent:.0f}s loss {told:.3f}",
            flush=True,
        )
    model.eval()


@torch.no_grad()
def predict(model, rows, coder, device, size=128):
    """Return (stance logits N×3, [rationale logits], [role logits]) of pairs."""
    examples = [make_example(coder, r) for r in rows]
    stance = np.zeros((len(rows), 3), np.float32)
    told, roles = [None] * len(rows), [None] * len(rows)
    for batch in batches(examples, size):
        ids, types, mask, pool, *_ = collate([examples[i] for i in batch], device)
        with torch.autocast(device, torch.bfloat16, enabled=device == "cuda"):
            a, b, c = model(ids, types, mask, pool)
        a, b, c = a.cpu().numpy(), b.cpu().numpy(), c.cpu().numpy()
        for k, i in enumerate(batch):
            stance[i] = a[k]
            count = len(examples[i][2])
            told[i] = [
                round(float(b[k, s]), 3) if examples[i][2][s] else -9.0
                for s in range(count)
            ]
            roles[i] = c[k, :count].argmax(-1).tolist()
    return stance, told, roles


def warm_mlm(model, rows, coder, *, epochs, rate, size, device, seed):
    """Adapt the body to abstracts by masked words (Devlin et al. 2019), 15 percent."""
    rng = np.random.default_rng(seed)
    texts = {r["title"] + r["sents"][0]: r for r in rows if r["src"] not in
             {"fever", "negation"}}  # fmt: skip
    pieces = []
    for r in texts.values():
        ids = [t for s in [r["title"], *r["sents"]] for t in coder.ids(s)]
        pieces += [ids[a : a + 254] for a in range(0, len(ids), 254)]
    pieces = [p for p in pieces if len(p) > 60]
    width = model.body.config.hidden_size
    head = nn.Sequential(nn.Linear(width, width), nn.GELU(), nn.LayerNorm(width)).to(
        device
    )
    words = model.body.embeddings.word_embeddings
    bias = nn.Parameter(torch.zeros(words.num_embeddings, device=device))
    params = [*model.body.parameters(), *head.parameters(), bias]
    best = torch.optim.AdamW(params, lr=rate, weight_decay=0.01)
    steps = epochs * math.ceil(len(pieces) / size)
    turn = torch.optim.lr_scheduler.LambdaLR(
        best, lambda s: min((s + 1) / (0.06 * steps + 1), max(0.02, 1 - s / steps))
    )
    model.train()
    began = time.time()
    print(f"  masked words: {len(pieces)} pieces", flush=True)
    for epoch in range(epochs):
        order = rng.permutation(len(pieces))
        for at in range(0, len(order), size):
            part = [pieces[i] for i in order[at : at + size]]
            longest = max(map(len, part)) + 2
            ids = np.zeros((len(part), longest), np.int64)
            mask = np.zeros_like(ids)
            for k, p in enumerate(part):
                ids[k, : len(p) + 2] = [101, *p, 102]
                mask[k, : len(p) + 2] = 1
            hide = (
                (rng.random(ids.shape) < 0.15)
                & (mask == 1)
                & (ids != 101)
                & (ids != 102)
            )
            wanted = np.where(hide, ids, PAD)
            chance = rng.random(ids.shape)
            ids = np.where(hide & (chance < 0.8), 103, ids)
            ids = np.where(
                hide & (chance > 0.9), rng.integers(999, 30522, ids.shape), ids
            )
            ids, mask, wanted = (
                torch.from_numpy(a).to(device) for a in (ids, mask, wanted)
            )
            with torch.autocast(device, torch.bfloat16, enabled=device == "cuda"):
                hidden = model.body(
                    input_ids=ids, attention_mask=mask
                ).last_hidden_state
                logits = head(hidden[wanted >= 0]) @ words.weight.T + bias
            loss = F.cross_entropy(logits.float(), wanted[wanted >= 0])
            loss.backward()
            nn.utils.clip_grad_norm_(params, 1.0)
            best.step()
            turn.step()
            best.zero_grad(set_to_none=True)
        print(f"  masked words epoch {epoch} {time.time() - began:.0f}s loss {loss.item():.3f}", flush=True)  # fmt: skip


# ------------------------------------------------------------------------ measures


def macro_f1(gold, given, classes=3):
    gold, given, scores = np.asarray(gold), np.asarray(given), []
    for c in range(classes):
        hit = ((gold == c) & (given == c)).sum()
        made, wanted = (given == c).sum(), (gold == c).sum()
        scores.append(2 * hit / max(1, made + wanted))
    return float(np.mean(scores)), [round(float(s), 3) for s in scores]


def soft(logits):
    e = np.exp(logits - logits.max(-1, keepdims=True))
    return e / e.sum(-1, keepdims=True)


def tell_pairs(name, rows, stance):
    gold = np.array([LABELS.index(r["label"]) for r in rows])
    given = stance.argmax(-1)
    f1, each = macro_f1(gold, given)
    confusion = [
        [int(((gold == a) & (given == b)).sum()) for b in range(3)] for a in range(3)
    ]
    print(f"{name}: macro-F1 {f1:.3f} S/C/N {each} confusion {confusion}", flush=True)
    return f1


def tell_prompts(name, rows, stance):
    """Report Evidence Inference: of a prompt's three claims the likeliest is taken."""
    chance = soft(stance)[:, 0]
    gold, given = [], []
    for at in range(0, len(rows) - 2, 3):
        labels = [rows[at + k]["label"] for k in range(3)]
        gold.append(labels.index("S"))
        given.append(int(chance[at : at + 3].argmax()))
    f1, each = macro_f1(gold, given)
    print(
        f"{name}: prompts {len(gold)} macro-F1 {f1:.3f} INC/DEC/NSD {each}", flush=True
    )


def tell_abstracts(name, runs, scored, depth, threshold):
    """Report SciFact's abstract-level F1, label only and with rationale."""
    right = sound = three = made = wanted = 0
    for run in runs:
        wanted += len(run["evidence"])
        for doc, stance, told in scored[run["id"]][:depth]:
            chance = soft(stance)
            side = int(chance[:2].argmax())
            if chance[2] > chance[side] or chance[side] < threshold:
                continue
            made += 1
            gold = run["evidence"].get(str(doc))
            if not gold:
                continue
            if {"SUPPORT": 0, "CONTRADICT": 1}[gold[0]["label"]] == side:
                right += 1
                order = np.argsort(told)[::-1][:3]
                shown = {int(i) for i in order if told[i] > 0} or {int(order[0])}
                sound += any(set(g["sentences"]) <= shown for g in gold)
                best = {int(i) for i in order}
                three += any(set(g["sentences"]) <= best for g in gold)
    p, r = right / max(1, made), right / wanted
    f = 2 * p * r / max(1e-9, p + r)
    p2, r2 = sound / max(1, made), sound / wanted
    f2 = 2 * p2 * r2 / max(1e-9, p2 + r2)
    f3 = 2 * three / max(1, made + wanted)
    print(f"{name} top {depth} at {threshold}: label-only P {p:.3f} R {r:.3f} F1 {f:.3f}"
          f" | with rationale F1 {f2:.3f}, with the best three {f3:.3f}", flush=True)  # fmt: skip


def tell_roles(name, rows, roles):
    pairs = [(g, p) for r, own in zip(rows, roles) for g, p in zip(r["roles"], own)]
    gold, given = zip(*pairs)
    f1, each = macro_f1(gold, given, 5)
    right = np.mean(np.array(gold) == np.array(given))
    print(f"{name}: accuracy {right:.3f} macro-F1 {f1:.3f} {each}", flush=True)


# ---------------------------------------------------------------------------- run


def load_base(folder: Path, dropout: float = 0.1) -> Reader:
    """Return a reader on the base model's body.

    Without dropout in the body the attention of torch's processor kernels is fused: five
    times as fast with bfloat16 on two cores (3.8 and 21.5 pairs of 320 tokens a second).
    """
    config = BertConfig(**{
        k: v for k, v in json.loads((folder / "config.json").read_text()).items()
        if not k.startswith("_") and k not in {"architectures", "transformers_version",
        "gradient_checkpointing", "position_embedding_type", "use_cache", "model_type"}
    })  # fmt: skip
    config.hidden_dropout_prob = config.attention_probs_dropout_prob = dropout
    model = Reader(config)
    flat = folder / "model.safetensors"
    weights = {
        k: v.float() for k, v in load_file(flat).items() if v.is_floating_point()
    }
    missing, extra = model.body.load_state_dict(weights, strict=False)
    assert not [m for m in missing if "position_ids" not in m], missing
    return model


def fold_of(groups, folds, seed=7):
    names = sorted(set(groups))
    random.Random(seed).shuffle(names)
    return {name: at % folds for at, name in enumerate(names)}


def score_runs(model, runs, corpus, coder, device, depth=20):
    rows, where = [], []
    for run in runs:
        for doc, _ in run["bm25"][:depth]:
            d = corpus[doc]
            rows.append({"claim": run["claim"], "title": d["title"], "sents": d["sents"],
                         "label": None, "rationale": None, "roles": None})  # fmt: skip
            where.append((run["id"], doc))
    stance, told, _ = predict(model, rows, coder, device)
    scored = defaultdict(list)
    for (key, doc), s, t in zip(where, stance, told):
        scored[key].append((doc, s, t))
    return scored


def save(model, path: Path) -> None:
    state = {k: v.half().contiguous().cpu() for k, v in model.state_dict().items()
             if v.is_floating_point()}  # fmt: skip
    save_file(state, path)


def load(model, path: Path) -> None:
    state = {k: v.float() for k, v in load_file(path).items()}
    model.load_state_dict(state, strict=False)


def run_folds(args, rows, coder, device, warm, plan):
    runs = read(args.data / "runs.jsonl.gz")[:: max(1, round(0.1 / args.sample))]
    corpus = {d["id"]: d for d in read(args.data / "corpus.jsonl.gz")}
    own = [r for r in rows if r["src"].startswith("scifact")]
    fold = fold_of([r["group"] for r in own] + [r["group"] for r in runs], args.folds)
    gold, logits, scored, kept, others = [], [], {}, [], {}
    for k in args.fold or range(args.folds):
        model = load_base(args.weights).to(device)
        if warm.exists():
            load(model, warm)
        learn = [r for r in rows if fold.get(r["group"], -1) != k
                 or not r["src"].startswith("scifact")]  # fmt: skip
        train(model, learn, plan, coder, epochs=args.epochs, rate=args.rate,
              size=args.size, seed=args.seed + k, device=device)  # fmt: skip
        held = [r for r in own if r["src"] == "scifact" and fold[r["group"]] == k]
        stance, told, _ = predict(model, held, coder, device)
        gold += held
        logits.append(stance)
        kept += [{"claim": h["claim"], "title": h["title"], "label": h["label"],
                  "stance": [round(float(x), 3) for x in s], "told": t} for h, s, t in zip(held, stance, told)]  # fmt: skip
        here = [r for r in runs if fold[r["group"]] == k]
        scored |= score_runs(model, here, corpus, coder, device)
        tell_pairs(f"fold {k}", held, stance)
        keep = {}
        tell_held(model, rows, coder, device, keep)
        others[k] = keep
    which = "".join(map(str, args.fold or []))
    tell_pairs("SciFact out of fold", gold, np.concatenate(logits))
    seen = [r for r in runs if r["id"] in scored]
    for depth in (3, 5, 10):
        for threshold in (0.0, 0.5, 0.6, 0.7):
            tell_abstracts("SciFact", seen, scored, depth, threshold)
    out = {"held": others, "pairs": kept, "runs": {str(i): [[d, [round(float(x), 3) for x in s], t] for d, s, t in v]
                                   for i, v in scored.items()}}  # fmt: skip
    with gzip.open(args.out / f"{args.name}-folds{which}.json.gz", "wt") as file:
        json.dump(out, file)


def tell_held(model, rows, coder, device, keep=None):
    for name in ("covid-dev", "ei2-validation", "roles-test", "roles-ood_test"):
        held = [r for r in rows if r["src"] == name]
        if not held:
            continue
        stance, told, roles = predict(model, held, coder, device)
        if name.startswith("roles"):
            tell_roles(name, held, roles)
        elif name.startswith("ei2"):
            tell_prompts(name, held, stance)
        else:
            tell_pairs(name, held, stance)
        if keep is not None:
            keep[name] = [
                np.round(stance, 3).tolist(),
                told if "roles" not in name else [],
            ]


def main() -> int:
    ask = argparse.ArgumentParser(description=__doc__)
    ask.add_argument("data", type=Path)
    ask.add_argument("out", type=Path)
    ask.add_argument("--weights", type=Path, required=True)
    ask.add_argument("--stage", choices=("warm", "folds", "final"), required=True)
    ask.add_argument("--name", default="reader")
    ask.add_argument("--warm", type=Path, help="warmed-up weights to go on from")
    ask.add_argument("--epochs", type=int, default=2)
    ask.add_argument("--masked", type=int, default=0, help="epochs of masked words")
    ask.add_argument("--rate", type=float, default=5e-5)
    ask.add_argument("--size", type=int, default=32)
    ask.add_argument("--seed", type=int, default=1)
    ask.add_argument("--folds", type=int, default=5)
    ask.add_argument("--fold", type=int, action="append", help="run this fold only")
    ask.add_argument("--sample", type=float, default=1.0, help="share of pairs, to try")
    ask.add_argument(
        "--more", default="", help="JSON: changes to the plan, src/label: times"
    )
    ask.add_argument("--claim-only", action="store_true", help="hide the abstracts")
    args = ask.parse_args()
    args.out.mkdir(parents=True, exist_ok=True)
    device = "cuda" if torch.cuda.is_available() else "cpu"
    coder = Coder(args.weights / "tokenizer.json")
    rows = read(args.data / "pairs.jsonl.gz")
    if args.sample < 1:
        rows = random.Random(3).sample(rows, int(len(rows) * args.sample))
    if args.claim_only:
        rows = [{**r, "title": "", "sents": ["."] * len(r["sents"])} for r in rows]
    plan = dict(WARM if args.stage == "warm" else HEALTH)
    for key, times in json.loads(args.more or "{}").items():
        src, label = key.split("/")
        plan[src, label or None] = times
    coder.learn(rows)
    print(f"{len(rows)} pairs, {len(coder.known)} texts", flush=True)
    warm = args.out / f"{args.name}-warm.safetensors"
    if args.stage == "warm":
        model = load_base(args.weights).to(device)
        if args.masked:
            warm_mlm(model, rows, coder, epochs=args.masked, rate=3e-4, size=96,
                     device=device, seed=args.seed)  # fmt: skip
        train(model, rows, plan, coder, epochs=args.epochs, rate=args.rate,
              size=args.size, seed=args.seed, device=device)  # fmt: skip
        tell_held(model, rows, coder, device)
        save(model, warm)
    elif args.stage == "folds":
        run_folds(args, rows, coder, device, args.warm or warm, plan)
    else:
        model = load_base(args.weights).to(device)
        load(model, args.warm or warm)
        train(model, rows, plan, coder, epochs=args.epochs, rate=args.rate,
              size=args.size, seed=args.seed, device=device)  # fmt: skip
        keep: dict[str, object] = {}
        tell_held(model, rows, coder, device, keep)
        with gzip.open(args.out / f"{args.name}-held.json.gz", "wt") as file:
            json.dump(keep, file)
        save(model, args.out / f"{args.name}.safetensors")
    return 0


if __name__ == "__main__":
    sys.exit(main())
