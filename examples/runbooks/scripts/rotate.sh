#!/bin/bash
cd "$1"
rm -rf old
API_TOKEN=$(date +%s)
echo "$API_TOKEN" > /etc/app/token
ssh ops@web1 "systemctl restart $2"
unset HISTFILE
