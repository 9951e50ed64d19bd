#!/usr/bin/env bash
set -euo pipefail
curl -fsS -H "Authorization: Bearer $DEPLOY_TOKEN" -F "site=@dist/site.tgz" "https://deploy.example.com/$1"
