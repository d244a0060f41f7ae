"""The encoder as ONNX graphs in 8-bit integers, written node by node.

Activations are scaled per token rather than per batch, so that a post's vector does not depend on the posts that
happen to be encoded beside it.
"""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
from onnx import NodeProto, TensorProto, checker, helper, numpy_helper, save_model

Floats = npt.NDArray[np.float32]
STEPS = 127.0
CONTRIB = "com.microsoft"


class Graph:
    """Collects nodes and constants; each method adds what it computes and returns the name of the result."""

    def __init__(self) -> None:
        self.nodes: list[NodeProto] = []
        self.constants: list[TensorProto] = []

    def constant(self, name: str, value: npt.NDArray[np.generic]) -> str:
        """Store an array under a name."""
        self.constants.append(numpy_helper.from_array(np.ascontiguousarray(value), name))
        return name

    def op(self, kind: str, inputs: list[str], name: str, domain: str = "", **attributes: Any) -> str:
        """Add one node with one result."""
        self.nodes.append(helper.make_node(kind, inputs, [name], name=name, domain=domain, **attributes))
        return name

    def quantised(self, x: str, name: str) -> tuple[str, str]:
        """Each row of x as 8-bit steps around 128, and the row's largest absolute value."""
        largest = self.op("ReduceMax", [self.op("Abs", [x], f"{name}.abs"), "last"], f"{name}.largest", keepdims=1)
        largest = self.op("Max", [largest, "tiny"], f"{name}.safe")
        ratio = self.op("Div", [x, largest], f"{name}.ratio")
        return self.op("QuantizeLinear", [ratio, "step", "middle"], f"{name}.q"), largest

    def linear(self, x: str, name: str, weight: Floats, bias: Floats) -> str:
        """Multiply: x @ weight.T + bias with weights in 8 bits, one scale an output."""
        scale = np.maximum(heaviest_pair(weight), 1e-12) / STEPS
        whole = self.constant(f"{name}.w", np.rint(weight / scale[:, None]).astype(np.int8).T)
        scales = self.constant(f"{name}.s", scale.astype(np.float32))
        steps, largest = self.quantised(x, name)
        inputs = [steps, whole, "step", scales, "middle"]
        product = self.op("MatMulIntegerToFloat", inputs, f"{name}.product", CONTRIB)
        scaled = self.op("Mul", [product, largest], f"{name}.scaled")
        return self.op("Add", [scaled, self.constant(f"{name}.b", bias)], f"{name}.y")


def heaviest_pair(weight: Floats) -> Floats:
    """Of each row (outputs, inputs) the largest sum of two neighbours, whose negative or positive parts count alone.

    Processors without 8-bit dot products (x86 without VNNI) add two products at a time in 16 bits and cut off what is
    more. Steps by which such a sum is 127 at most, 128 once rounded, keep it below: 255 x 128 < 2^15. So every
    processor gives the same answers; with the largest weight at 127, vectors had a cosine of 0.998 between two kinds.
    """
    pairs = weight.reshape(len(weight), -1, 2)
    sums = [np.clip(sign * pairs, 0, None).sum(axis=2).max(axis=1) for sign in (1, -1)]
    return np.asarray(np.maximum(*sums), np.float32)


def encoder_graphs(weights: Mapping[str, Floats], heads: int, eps: float, folder: Path, stops: Sequence[int]) -> None:
    """Write the encoder whose torch state is `weights`: one graph from ids, and one more for each later stop.

    encoder.onnx takes ids and mask and gives the mean vector after the first of `stops` layers; when there are more it
    also gives the state of every token, from which deeper-<stop>.onnx goes on to the next, and so forth.
    """
    hidden, done = len(weights["norm.weight"]), 0
    for stop in stops:
        graph = started()
        state = "state" if done else embedded(graph, weights, eps)
        state = layered(graph, state, weights, range(done, stop), heads, eps)
        name = f"deeper-{stop}.onnx" if done else "encoder.onnx"
        inputs = ["state" if done else "ids", "mask"]
        write(graph, pooled(graph, state), inputs, hidden, folder / name, more=stop != stops[-1])
        done = stop


def started() -> Graph:
    """Begin a graph with the constants that every layer uses."""
    graph = Graph()
    for name, value in (
        ("step", np.float32(1 / STEPS)),
        ("middle", np.uint8(128)),
        ("tiny", np.float32(1e-12)),
        ("last", np.array([-1], np.int64)),
        ("axis1", np.array([1], np.int64)),
        ("axis2", np.array([2], np.int64)),
        ("zero", np.array([0], np.int64)),
    ):
        graph.constant(name, np.asarray(value))
    graph.op("Cast", ["mask"], "seen", to=TensorProto.INT32)
    return graph


def layered(graph: Graph, x: str, weights: Mapping[str, Floats], which: range, heads: int, eps: float) -> str:
    """Add some of the transformer's layers."""
    for number in which:
        part = {name.split(".", 2)[2]: value for name, value in weights.items() if name.startswith(f"layers.{number}.")}
        x = layer(graph, x, part, f"l{number}", heads, eps)
    return x


def pooled(graph: Graph, x: str) -> str:
    """Mean of the tokens' vectors; returns the state's name, the result is `vector`."""
    wide = graph.op("Unsqueeze", ["mask", "axis2"], "wide")
    total = graph.op("ReduceSum", [graph.op("Mul", [x, wide], "masked"), "axis1"], "total", keepdims=0)
    graph.op("Div", [total, graph.op("ReduceSum", ["mask", "axis1"], "count", keepdims=1)], "vector")
    return x


def embedded(graph: Graph, weights: Mapping[str, Floats], eps: float) -> str:
    """Piece and position vectors, summed and normalised; the piece table in 8 bits, one scale a piece."""
    table = weights["word.weight"]
    scale = np.maximum(np.abs(table).max(axis=1), 1e-12) / STEPS
    graph.constant("word.w", np.rint(table / scale[:, None]).astype(np.int8))
    graph.constant("word.s", scale.astype(np.float32)[:, None])
    graph.constant("position", weights["position"])
    rows = graph.op("Cast", [graph.op("Gather", ["word.w", "ids"], "word.q")], "word.f", to=TensorProto.FLOAT)
    words = graph.op("Mul", [rows, graph.op("Gather", ["word.s", "ids"], "word.scale")], "words")
    length = graph.op("Shape", ["ids"], "length", start=1, end=2)
    places = graph.op("Slice", ["position", "zero", length, "zero"], "places")
    x = graph.op("Add", [words, places], "summed")
    return normalised(graph, x, "norm", weights["norm.weight"], weights["norm.bias"], eps)


def normalised(graph: Graph, x: str, name: str, weight: Floats, bias: Floats, eps: float) -> str:
    """Layer normalisation over the last axis."""
    inputs = [x, graph.constant(f"{name}.w", weight), graph.constant(f"{name}.b", bias)]
    return graph.op("LayerNormalization", inputs, f"{name}.y", axis=-1, epsilon=eps)


def layer(graph: Graph, x: str, part: Mapping[str, Floats], name: str, heads: int, eps: float) -> str:
    """One transformer layer; `part` holds its weights under the names of the torch module."""
    qkv = graph.linear(x, f"{name}.qkv", part["qkv.weight"], part["qkv.bias"])
    parts = [f"{name}.{which}" for which in "qkv"]
    graph.nodes.append(helper.make_node("Split", [qkv], parts, name=f"{name}.split", axis=-1, num_outputs=3))
    mixed = graph.op("MultiHeadAttention", [*parts, "", "seen"], f"{name}.mixed", CONTRIB, num_heads=heads)
    out = graph.linear(mixed, f"{name}.out", part["out.weight"], part["out.bias"])
    x = skipped(graph, x, out, f"{name}.norm1", part["norm1.weight"], part["norm1.bias"], eps)
    up = graph.linear(x, f"{name}.up", part["up.weight"], part["up.bias"])
    inner = graph.op("Gelu", [up], f"{name}.gelu", CONTRIB)
    down = graph.linear(inner, f"{name}.down", part["down.weight"], part["down.bias"])
    return skipped(graph, x, down, f"{name}.norm2", part["norm2.weight"], part["norm2.bias"], eps)


def skipped(graph: Graph, x: str, change: str, name: str, weight: Floats, bias: Floats, eps: float) -> str:
    """Layer normalisation of a residual sum; the runtime's own fused node for this is ten times slower."""
    return normalised(graph, graph.op("Add", [x, change], f"{name}.sum"), name, weight, bias, eps)


def write(graph: Graph, state: str, inputs: Sequence[str], hidden: int, path: Path, *, more: bool = False) -> None:
    """Check and save a graph that gives `vector`, and the state that goes `on` when there is more to come."""
    shapes: dict[str, tuple[int, list[str | int | None]]] = {
        "ids": (TensorProto.INT64, ["batch", "length"]),
        "mask": (TensorProto.FLOAT, ["batch", "length"]),
        "state": (TensorProto.FLOAT, ["batch", "length", hidden]),
        "on": (TensorProto.FLOAT, ["batch", "length", hidden]),
        "vector": (TensorProto.FLOAT, ["batch", hidden]),
    }
    outputs = ["vector"]
    if more:
        graph.op("Identity", [state], "on")
        outputs.append("on")
    taken, given = ([helper.make_tensor_value_info(name, *shapes[name]) for name in some] for some in (inputs, outputs))
    made = helper.make_graph(graph.nodes, "encoder", taken, given, graph.constants)
    opsets = [helper.make_opsetid("", 18), helper.make_opsetid(CONTRIB, 1)]
    model = helper.make_model(made, opset_imports=opsets, producer_name="etalage")
    model.ir_version = 9
    checker.check_model(model)
    path.parent.mkdir(parents=True, exist_ok=True)
    save_model(model, str(path))
