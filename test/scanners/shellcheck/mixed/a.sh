#!/bin/bash
echo "ü𝄞" $1
# shellcheck disable=SC2086
echo $2
rm -rf "$X/"*
