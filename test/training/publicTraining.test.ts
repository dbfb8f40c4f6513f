/** goldspike/training: what it exports, and that every name and every member of it is explained. */
import { fileURLToPath } from "node:url";
import ts from "typescript";
import { expect, expectTypeOf, test } from "vitest";
import type { z } from "zod";
import type { ownSettingsSchema } from "../../src/training/config/own.ts";
import * as training from "../../src/training.ts";

test("its functions are these", () => {
  expect(Object.keys(training).sort()).toEqual([
    "ConfigError",
    "KernelError",
    "configuredTraining",
    "createTraining",
    "drawNetwork",
    "loadCheckpoint",
    "loadData",
    "loadRunConfig",
    "oneThread",
    "parseRunConfig",
    "readShdFile",
    "samplesOf",
    "saveCheckpoint",
    "saveRun",
    "workerThreads",
    "yinYang",
  ]);
});

type Camel<Name extends string> = Name extends `${infer Head}_${infer Tail}`
  ? `${Head}${Capitalize<Camel<Tail>>}`
  : Name;
/** The keys of the settings that are checked, as programs spell them. */
type Settings = { [Key in keyof z.input<typeof ownSettingsSchema> & string as Camel<Key>]: unknown };

test("its documented options are those that it takes", () => {
  type Given = Omit<training.TrainingOptions, "network" | "data" | "threads">;
  expectTypeOf<keyof Given>().toEqualTypeOf<keyof Settings>();
});

const entry = fileURLToPath(new URL("../../src/training.ts", import.meta.url));

function isExplained(node: ts.Node): boolean {
  return ts.getJSDocCommentsAndTags(node).length > 0;
}

/** Members of a declaration, of unions those of their parts. */
function membersOf(node: ts.Node): ts.Node[] {
  if (ts.isInterfaceDeclaration(node) || ts.isTypeLiteralNode(node) || ts.isClassDeclaration(node))
    return [...node.members];
  if (ts.isTypeAliasDeclaration(node)) return membersOf(node.type);
  if (ts.isUnionTypeNode(node) || ts.isIntersectionTypeNode(node)) return node.types.flatMap(membersOf);
  return [];
}

function nameOf(node: ts.Node): string {
  return (node as ts.NamedDeclaration).name?.getText() ?? "constructor";
}

test("every exported name, and every member of an exported type, has a comment", () => {
  const options = { target: ts.ScriptTarget.ES2022, module: ts.ModuleKind.NodeNext, noLib: true, types: [] };
  const program = ts.createProgram([entry], { ...options, allowImportingTsExtensions: true, noEmit: true });
  const checker = program.getTypeChecker();
  const symbols = checker.getExportsOfModule(checker.getSymbolAtLocation(program.getSourceFile(entry)!)!);
  expect(symbols.length).toBeGreaterThan(40);
  const silent = symbols.flatMap((symbol) => {
    const target = symbol.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(symbol) : symbol;
    const declaration = target.declarations![0]!;
    const named = ts.isVariableDeclaration(declaration) ? declaration.parent.parent : declaration;
    const members = membersOf(declaration).filter(
      (member) => !ts.isClassStaticBlockDeclaration(member) && !/^#|^kind$/.test(nameOf(member)),
    );
    return [
      ...(isExplained(named) ? [] : [symbol.name]),
      ...members.filter((member) => !isExplained(member)).map((member) => `${symbol.name}.${nameOf(member)}`),
    ];
  });
  expect(silent).toEqual([]);
});
