"""Pretraining on made-up lines: hidden words are guessed better and better."""

import numpy
import spacy

from critextract.learn.network import Settings, blank_model, token_network
from critextract.learn.pretrain import HIDDEN, Hider, PretrainSettings, pretrain
from critextract.learn.vectors import VectorSettings, WordVectors, add_vectors

SMALL = Settings(width=32, depth=2)
WORDS = ("patients", "with", "gout", "asthma", "no", "severe", "pain")
LINES = ["patients with gout", "no severe pain", "patients with asthma"] * 40
FOUND = WordVectors(WORDS, (9,) * len(WORDS), numpy.eye(len(WORDS), dtype="f"))


def hider(share):
    settings = PretrainSettings(share=share, tokens=10)
    return Hider(spacy.blank("en"), FOUND, settings, seed=1)


def test_places_are_those_of_the_hidden_words():
    puzzle = hider(0.5).puzzle([*LINES[:10], "a word unknown"])
    tokens = [token.text for doc in puzzle.docs for token in doc]
    original = " ".join([*LINES[:10], "a word unknown"]).split()
    assert [i for i, token in enumerate(tokens) if token == HIDDEN] == list(puzzle.places)
    assert [original[i] for i in puzzle.places] == [WORDS[n] for n in puzzle.words]
    assert tokens[-3:] == ["a", "word", "unknown"]


def test_all_lines_are_read_but_the_last_few():
    puzzles = list(hider(0.9).puzzles(LINES))
    assert sum(len(puzzle.docs) for _, puzzle in puzzles) > len(LINES) - 4
    shares = [share for share, _ in puzzles]
    assert shares == sorted(shares)


def test_hidden_words_are_guessed_after_training():
    nlp = blank_model(SMALL)
    add_vectors(nlp, FOUND, VectorSettings(rows=100))
    settings = PretrainSettings(passes=8, tokens=30, strangers=3, warm_up=5, hidden=32)
    networks = [token_network(SMALL) for _ in range(2)]
    shares = [pretrain(nlp, n, LINES, FOUND, settings, seed=1) for n in networks]
    assert shares[0] == shares[1] > 0.4  # a running mean from 0; by chance a quarter
    assert networks[0].to_bytes() == networks[1].to_bytes()
