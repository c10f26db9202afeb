#!/bin/sh
# Writes the peers' generated code anew; needed only when a peer's version or a shape changes. The generators are fetched by npx.
set -e
cd "$(dirname "$0")/src/peers"
run() { npx --yes --ignore-scripts "$@"; }
run --package bebop-tools@3.2.3 bebopc --include shapes.bop build --generator ts:bebop.ts
run --package protobufjs-cli@2.7.1 pbjs -t static-module -w es6 --force-number --no-verify --no-delimited --no-convert --no-service -o pbjs.js shapes.proto
run --package pbf@5.1.2 pbf shapes.proto > pbf.js
run --package @bufbuild/buf@1.75.0 --package @bufbuild/protoc-gen-es@2.17.0 buf generate --path shapes.proto \
  --template '{"version":"v2","plugins":[{"local":"protoc-gen-es","out":".","opt":["target=js"]}]}'
