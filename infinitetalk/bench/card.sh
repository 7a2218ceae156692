#!/bin/sh
# The measurements of README.md, in calls of a few minutes each: `sh infinitetalk/bench/card.sh FOLDER [first|second|third|fourth]`.
# Needs an NVIDIA card with 80 GB, torch, transformers, safetensors and numpy. Every part has a time limit, and what
# was measured before a limit is kept. Figures of two cards never belong in one table.
set -u
out=${1:?where the figures go}
which=${2:-first}
mkdir -p "$out"
export PYTHONPATH=. PYTHONUNBUFFERED=1 PYTORCH_CUDA_ALLOC_CONF=expandable_segments:True
export INFINITETALK_HOME="$out/home"
python=${PYTHON:-python3}
bench() {
    name=$1
    seconds=$2
    shift 2
    timeout "$seconds" "$python" -m infinitetalk.bench --limit 75 --json "$out/$name.json" "$@" >"$out/$name.log" 2>&1
    tail -n 40 "$out/$name.log"
}
case $which in
first) # passes of each precision over their floors; kernels against their plain paths
    bench fp8 130 --run floors,passes,kernels --precision fp8 --repeats 2
    bench bf16 130 --run floors,passes,kernels --precision bf16 --repeats 2
    bench int8 130 --run floors,passes,kernels --precision int8 --repeats 2
    timeout 110 "$python" -m pytest -q -c /dev/null --rootdir=. --import-mode=importlib -p no:cacheprovider -W ignore \
        -m gpu tests/unit/quant tests/unit/ops tests/unit/streaming tests/unit/models/test_vae.py | tee "$out/tests.log"
    ;;
second) # whole jobs under a ceiling, drafts
    bench jobs960 300 --limit 180 --run chunk --precision fp8 --passes 960x960=1+2 --sizes 960x960 --cap 960x960=6.2
    bench jobs640 200 --run drafts,chunk --precision fp8 --repeats 2 --sizes 640x640 --passes 640x640=1+2 --cap 640x640=4.2
    ;;
third) # the VAE, pieces of tokens, attention in 8 bits, memory that is not page-locked
    bench vae 220 --run vae --sizes 640x640
    bench pieces 60 --run pieces --precision fp8 --sizes 640x640
    bench attention8 100 --run floors,passes --precision fp8 --attention 8bit
    bench pageable 100 --run passes --precision fp8 --sizes 640x640 --pageable
    ;;
fourth) # import at full size, a pass from disk with 12 GiB of host memory; 60 GB of disk
    bench import 480 --limit 400 --run import,shards --precision fp8 --folder "$out/stores"
    bench disk 110 --limit 100 --run disk --precision fp8 --sizes 640x640 --host-cap 12 --folder "$out/stores"
    rm -r "$out/stores"
    ;;
esac
