/** The conformance kit for programs; needs Node. */
export type { ClassName } from "./classes.ts";
export { classReasons } from "./classes.ts";
export { expectGradientsToMatch } from "./expectGradientsToMatch.ts";
export type { Golden } from "./golden.ts";
export { readGolden } from "./golden.ts";
export type { ClassChoice } from "./references.ts";
export type { SuiteEntry } from "./suite.ts";
export { bundledSuite, listSuite } from "./suite.ts";
export type { Convention, ConventionName } from "./twin/convention.ts";
export { conventionNames, conventions } from "./twin/convention.ts";
