/** What of a network decides how much memory it needs and in which order the kernel holds its parts. */
import type { Network, Population, Projection } from "../../model/network.ts";
import { inputName } from "../../model/network.ts";

type DelayKind = "none" | "shared" | "own";

export interface ShapedPopulation {
  readonly population: Population;
  /** Place in the network. */
  readonly index: number;
  /** Padded size. */
  readonly stride: number;
  /** Range of outgoing projections in kernel order. */
  readonly projections: number;
  readonly projectionsEnd: number;
}

export interface ShapedProjection {
  readonly projection: Projection;
  readonly index: number;
  /** Kernel index of the target population. */
  readonly target: number;
  readonly pre: number;
  readonly post: number;
  readonly stride: number;
  readonly delayKind: DelayKind;
}

/** Spiking populations first; projections grouped by source, the input's first. */
export interface Shape {
  readonly inputChannels: number;
  readonly populations: readonly ShapedPopulation[];
  readonly spikingCount: number;
  readonly projections: readonly ShapedProjection[];
  readonly inputProjectionsEnd: number;
}

/** How a projection's delays are to be delivered. */
function delayKindOf(projection: Projection): DelayKind {
  const { delay } = projection;
  const first = typeof delay === "number" ? delay : (delay[0] ?? 0);
  if (typeof delay !== "number" && delay.some((d) => d !== first)) return "own";
  return first === 0 ? "none" : "shared";
}

/** The shape of a network whose arrays are padded to `lanes` elements. */
export function shapeOf(network: Network, lanes: number): Shape {
  const indexed = network.populations.map((population, index) => ({ population, index }));
  const ordered = [
    ...indexed.filter(({ population }) => population.model === "lif"),
    ...indexed.filter(({ population }) => population.model !== "lif"),
  ];
  const strideOf = (size: number) => Math.ceil(size / lanes) * lanes;
  const projections: ShapedProjection[] = [];
  const appendFrom = (name: string, pre: number) => {
    network.projections.forEach((projection, index) => {
      if (projection.from !== name) return;
      const target = ordered.findIndex(({ population }) => population.name === projection.to);
      const post = ordered[target]!.population.size;
      const delayKind = delayKindOf(projection);
      projections.push({ projection, index, target, pre, post, stride: strideOf(post), delayKind });
    });
  };
  appendFrom(inputName, network.inputChannels);
  const inputProjectionsEnd = projections.length;
  const populations = ordered.map(({ population, index }) => {
    const first = projections.length;
    appendFrom(population.name, population.size);
    const stride = strideOf(population.size);
    return { population, index, stride, projections: first, projectionsEnd: projections.length };
  });
  const spikingCount = indexed.filter(({ population }) => population.model === "lif").length;
  return {
    inputChannels: network.inputChannels,
    populations,
    spikingCount,
    projections,
    inputProjectionsEnd,
  };
}

/** Place of a population in the kernel's order; −1 if there is none of this name. */
export function populationIndex({ populations }: Shape, name: string): number {
  return populations.findIndex(({ population }) => population.name === name);
}

/** Whether two networks can share a layout, but for the kinds of their delays. */
export function sameShape(a: Shape, b: Shape): boolean {
  const populations = ({ population: { name, size, model } }: ShapedPopulation) => `${name} ${size} ${model}`;
  const projections = ({ index, target, pre, post }: ShapedProjection) => `${index} ${target} ${pre} ${post}`;
  const text = (shape: Shape) =>
    [
      shape.inputChannels,
      ...shape.populations.map(populations),
      ...shape.projections.map(projections),
    ].join();
  return text(a) === text(b);
}

/** Most events that one spike of the input (group −1) or of a population sets off beside itself. */
export function deliveriesPerSpike(shape: Shape, group: number): number {
  const first = group < 0 ? 0 : shape.populations[group]!.projections;
  const end = group < 0 ? shape.inputProjectionsEnd : shape.populations[group]!.projectionsEnd;
  let count = 0;
  for (const { delayKind, post } of shape.projections.slice(first, end)) {
    count += delayKind === "own" ? post : delayKind === "shared" ? 1 : 0;
  }
  return count;
}
