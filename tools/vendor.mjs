// Copies the files of npm packages that pages load into web/static/vendor, with a manifest of what they are;
// govuk-frontend's components are built by tools/govuk.scss: those that pages use, without crown or GDS Transport.
import { createHash } from "node:crypto";
import { cp, mkdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { compile } from "sass";

const FILES = {
  "govuk-frontend": [],
  graphology: ["dist/graphology.umd.min.js", "LICENSE.txt"],
  leaflet: ["dist/leaflet.js", "dist/leaflet.css", "LICENSE"],
  sigma: ["dist/sigma.min.js", "LICENSE.txt"],
};

const BUILT = { "govuk-frontend": { "govuk.css": "tools/govuk.scss" } };

const root = join(dirname(fileURLToPath(import.meta.url)), "..");
const target = join(root, "web", "static", "vendor");
const aside = `${target}.new`;

await rm(aside, { recursive: true, force: true });
const manifest = {};
for (const [name, files] of Object.entries(FILES)) {
  const source = join(root, "node_modules", name);
  const { version, license } = JSON.parse(await readFile(join(source, "package.json"), "utf8"));
  manifest[name] = { version, license, files: {} };
  await mkdir(join(aside, name), { recursive: true });
  const copies = files.map((file) => file.replace(/^dist\//, ""));
  for (const [index, copy] of copies.entries()) await cp(join(source, files[index]), join(aside, name, copy));
  for (const [built, sheet] of Object.entries(BUILT[name] ?? {})) {
    const { css } = compile(join(root, sheet), { style: "compressed", charset: false, loadPaths: [join(root, "node_modules")] });
    await writeFile(join(aside, name, built), css);
    copies.push(built);
  }
  for (const copy of copies) {
    const bytes = await readFile(join(aside, name, copy));
    manifest[name].files[copy] = createHash("sha256").update(bytes).digest("hex");
  }
}
await writeFile(join(aside, "manifest.json"), `${JSON.stringify(manifest, null, 2)}\n`);
await rm(target, { recursive: true, force: true });
await rename(aside, target);
console.log(`web/static/vendor: ${Object.entries(manifest).map(([name, { version }]) => `${name} ${version}`).join(", ")}`);
