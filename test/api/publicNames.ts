/** The package's public names and their members, as the compiler sees them, each with its doc comment. */
import { fileURLToPath } from "node:url";
import ts from "typescript";

const root = fileURLToPath(new URL("../../", import.meta.url));

/** Files that package.json's `exports` lead to. */
export const entries = ["src/index.ts", "src/training.ts", "src/nir.ts", "src/conformance/index.ts"] as const;

export interface PublicName {
  /** `Engine`, or `Engine.solve` for a member. */
  readonly name: string;
  readonly documentation: string;
}

const program = (() => {
  const { config } = ts.readConfigFile(`${root}tsconfig.json`, ts.sys.readFile);
  const { options } = ts.parseJsonConfigFileContent(config, ts.sys, root);
  return ts.createProgram({
    rootNames: entries.map((entry) => root + entry),
    options: { ...options, noEmit: true },
  });
})();
const checker = program.getTypeChecker();

function documentationOf(symbol: ts.Symbol): string {
  return ts.displayPartsToString(symbol.getDocumentationComment(checker));
}

/** Whether a declaration is the project's own, and neither private nor inherited from elsewhere. */
function isOwn(symbol: ts.Symbol): boolean {
  const [declaration] = symbol.declarations ?? [];
  if (!declaration?.getSourceFile().fileName.startsWith(`${root}src/`)) return false;
  const name = ts.getNameOfDeclaration(declaration);
  if (name && ts.isPrivateIdentifier(name)) return false;
  const flags = ts.getCombinedModifierFlags(declaration);
  return (flags & (ts.ModifierFlags.Private | ts.ModifierFlags.Override)) === 0;
}

/** Members that a user of the name sees: of an interface, an object type, or a class and its instances. */
function membersOf(symbol: ts.Symbol): ts.Symbol[] {
  const isType =
    (symbol.flags & (ts.SymbolFlags.Interface | ts.SymbolFlags.TypeAlias | ts.SymbolFlags.Class)) !== 0;
  const members = isType ? checker.getPropertiesOfType(checker.getDeclaredTypeOfSymbol(symbol)) : [];
  const isClass = (symbol.flags & ts.SymbolFlags.Class) !== 0;
  const statics = isClass
    ? checker.getPropertiesOfType(checker.getTypeOfSymbol(symbol)).filter(({ name }) => name !== "prototype")
    : [];
  return [...members, ...statics].filter(isOwn);
}

/** Every name that an entry exports, and their members. */
export function publicNames(entry: (typeof entries)[number]): PublicName[] {
  const module = checker.getSymbolAtLocation(program.getSourceFile(root + entry)!)!;
  return checker.getExportsOfModule(module).flatMap((exported) => {
    const isAlias = (exported.flags & ts.SymbolFlags.Alias) !== 0;
    const symbol = isAlias ? checker.getAliasedSymbol(exported) : exported;
    const own = { name: exported.name, documentation: documentationOf(symbol) };
    const members = membersOf(symbol).map((member) => ({
      name: `${exported.name}.${member.name}`,
      documentation: documentationOf(member),
    }));
    return [own, ...members];
  });
}
