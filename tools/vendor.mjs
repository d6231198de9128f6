// Copies the files of npm packages that pages load into web/static/vendor, with a manifest of what they are.
import { createHash } from "node:crypto";
import { cp, mkdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const FILES = {
  leaflet: ["dist/leaflet.js", "dist/leaflet.css", "LICENSE"],
};

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
  for (const file of files) {
    const copy = file.replace(/^dist\//, "");
    await cp(join(source, file), join(aside, name, copy));
    const bytes = await readFile(join(aside, name, copy));
    manifest[name].files[copy] = createHash("sha256").update(bytes).digest("hex");
  }
}
await writeFile(join(aside, "manifest.json"), `${JSON.stringify(manifest, null, 2)}\n`);
await rm(target, { recursive: true, force: true });
await rename(aside, target);
console.log(`web/static/vendor: ${Object.entries(manifest).map(([name, { version }]) => `${name} ${version}`).join(", ")}`);
