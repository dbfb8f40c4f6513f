/** The conformance kit for programs; needs Node. */

export type { Question } from "./conformanceTests.ts";
export { conformanceTests, Unsupported } from "./conformanceTests.ts";
export { expectGradientsToMatch } from "./expectGradientsToMatch.ts";
export type { ClassChoice } from "./reference/references.ts";
export type { Golden } from "./suite/golden.ts";
export { readGolden } from "./suite/golden.ts";
export type { SuiteEntry } from "./suite/suite.ts";
export { bundledSuite, listSuite } from "./suite/suite.ts";
export type { Convention, ConventionName } from "./twin/convention.ts";
export { conventionNames, conventions } from "./twin/convention.ts";
export type { ClassName } from "./verdict/classes.ts";
export { classReasons } from "./verdict/classes.ts";
