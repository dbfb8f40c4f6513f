"""A case as case.json has it: everything is checked before anything is computed."""
import numpy as np
from goldspike import Refused

PARAMETERS = {"tau_mem": None, "tau_syn": None, "threshold": 1, "reset": 0, "bias": 0, "v0": 0, "i0": 0}
LOSSES = {  # kind: (model of the population, keys needed, other keys)
    "integral_cross_entropy": ("li", ("weighting", "target"), ("population",)),
    "max_cross_entropy": ("li", ("target",), ("population",)),
    "average_cross_entropy": ("li", ("target",), ("population",)),
    "first_spike": ("lif", ("population", "tau0", "alpha", "target"), ("tau1", "penalty")),
    "spike_time_mse": ("lif", ("population", "targets"), ()),
    "linear": (None, (), ("spike_times", "voltages")),
    "none": (None, (), ()),
}
WEIGHTINGS = ("uniform", "exponential", "linear", "sigmoid")


def expect(condition, where, what):
    if not condition:
        raise Refused("%s: expected %s" % (where, what))


def check_keys(record, where, needed, others=()):
    expect(isinstance(record, dict), where, "an object")
    for key in record:
        if key not in needed and key not in others:
            raise Refused("%s.%s: unknown key" % (where, key))
    for key in needed:
        expect(key in record, "%s.%s" % (where, key), "a value")


def numbers(value, where, *shapes):
    """Finite, of one of the shapes; () stands for a single number."""
    if type(value) in (int, float):
        value = np.array(float(value))
    fits = isinstance(value, np.ndarray) and value.shape in shapes
    expect(fits, where, "numbers of shape " + " or ".join(map(str, shapes)))
    expect(np.isfinite(value).all(), where, "finite numbers")
    return value


def whole(value, where, least, most):
    expect(type(value) is int and least <= value <= most, where, "an integer from %d to %d" % (least, most))
    return value


class Population:
    def __init__(self, raw, where):
        check_keys(raw, where, ("name", "size", "model", "tau_mem", "tau_syn"), PARAMETERS)
        self.name, self.size = raw["name"], whole(raw["size"], where + ".size", 1, 2**20)
        expect(isinstance(self.name, str) and self.name not in ("", "input"), where + ".name", "a name")
        expect(raw["model"] in ("lif", "li"), where + ".model", "lif or li")
        self.spiking = raw["model"] == "lif"
        for key, default in PARAMETERS.items():
            values = numbers(raw.get(key, default), "%s.%s" % (where, key), (), (self.size,))
            setattr(self, key, np.broadcast_to(values, (self.size,)))
        for key in ("tau_mem", "tau_syn"):
            expect((getattr(self, key) > 0).all(), "%s.%s" % (where, key), "positive numbers")
        for key in ("reset", "v0"):
            below = (getattr(self, key) < self.threshold).all()
            expect(below or not self.spiking, "%s.%s" % (where, key), "numbers below the threshold")
        self.rows = np.arange(self.size)
        self.outgoing = []


class Projection:
    def __init__(self, raw, where, channels, populations):
        check_keys(raw, where, ("from", "to", "weight"), ("delay",))
        expect(raw["to"] in populations, where + ".to", "the name of a population")
        expect(raw["from"] == "input" or raw["from"] in populations, where + ".from", "input or a population")
        self.source, self.target = populations.get(raw["from"]), populations[raw["to"]]
        self.names = {"from": raw["from"], "to": raw["to"]}
        shape = (self.target.size, self.source.size if self.source else channels)
        self.weight = numbers(raw["weight"], where + ".weight", shape)
        self.delay = np.broadcast_to(numbers(raw.get("delay", 0), where + ".delay", (), shape), shape)
        expect((self.delay >= 0).all(), where + ".delay", "numbers >= 0")


class Case:
    def __init__(self, raw):
        needed = ("format", "name", "time_unit", "duration", "input", "populations", "projections", "loss")
        check_keys(raw, "case", needed, ("note",))
        expect(raw["format"] == "goldspike/case@1", "format", "goldspike/case@1")
        expect(raw["time_unit"] == "ms", "time_unit", "ms")
        expect(isinstance(raw["name"], str), "name", "a string")
        self.name, self.duration = raw["name"], float(numbers(raw["duration"], "duration", ()))
        expect(self.duration > 0, "duration", "a positive number")
        check_keys(raw["input"], "input", ("channels", "times", "sources"))
        channels = whole(raw["input"]["channels"], "input.channels", 1, 2**20)
        self.times = numbers(raw["input"]["times"], "input.times", np.shape(raw["input"]["times"])[:1])
        self.sources = numbers(raw["input"]["sources"], "input.sources", self.times.shape)
        inside = ((self.times >= 0) & (self.times < self.duration)).all()
        expect(inside, "input.times", "times in [0, %g)" % self.duration)
        expect((np.diff(self.times) >= 0).all(), "input.times", "times that ascend")
        legal = (self.sources >= 0) & (self.sources < channels) & (self.sources % 1 == 0)
        expect(legal.all(), "input.sources", "integers from 0 to %d" % (channels - 1))
        self.sources = self.sources.astype(int)
        self.populations = {}
        for k, part in enumerate(raw["populations"]):
            population = Population(part, "populations[%d]" % k)
            expect(population.name not in self.populations, "populations[%d].name" % k, "a name not used before")
            self.populations[population.name] = population
        self.projections = [
            Projection(part, "projections[%d]" % k, channels, self.populations)
            for k, part in enumerate(raw["projections"])
        ]
        for projection in self.projections:
            if projection.source:
                projection.source.outgoing.append(projection)
        self.loss, self.readout = raw["loss"], None
        self.check_loss()

    def check_loss(self):
        loss = self.loss
        expect(isinstance(loss, dict) and loss.get("kind") in LOSSES, "loss.kind", "one of " + ", ".join(LOSSES))
        model, needed, others = LOSSES[loss["kind"]]
        check_keys(loss, "loss", ("kind",) + needed, others)
        if model is None:
            return
        named = loss.get("population")
        fitting = [
            population
            for population in self.populations.values()
            if population.spiking == (model == "lif") and named in (None, population.name)
        ]
        expect(len(fitting) == 1, "loss.population", "the name of one population of the model " + model)
        self.readout = fitting[0]
        if "target" in needed:
            whole(loss["target"], "loss.target", 0, self.readout.size - 1)
        if "weighting" in needed:
            expect(loss["weighting"] in WEIGHTINGS, "loss.weighting", "one of " + ", ".join(WEIGHTINGS))
        if loss["kind"] == "first_spike":
            penalty = loss.setdefault("penalty", "exponential")
            expect(penalty in ("exponential", "hyperbolic"), "loss.penalty", "exponential or hyperbolic")
            if penalty == "hyperbolic":
                loss.setdefault("tau1", loss["tau0"])
            for key in ("tau0", "tau1"):
                expect(numbers(loss.get(key), "loss." + key, ()) > 0, "loss." + key, "a positive number")
            numbers(loss["alpha"], "loss.alpha", ())
        if loss["kind"] == "spike_time_mse":
            expect(len(loss["targets"]) == self.readout.size, "loss.targets", "one list of times for each neuron")
            for k, times in enumerate(loss["targets"]):
                times = numbers(times, "loss.targets[%d]" % k, np.shape(times)[:1])
                expect((np.diff(times) >= 0).all(), "loss.targets[%d]" % k, "times that ascend")
