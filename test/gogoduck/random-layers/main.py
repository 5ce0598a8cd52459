"""Makes random layers, and compares GoGoDuck's results with those of netCDF4, zarr and numpy.

make FOLDER FIRST COUNT     writes layers and prints the requests as JSON
compare FOLDER              reads requests with the paths of results from standard input, and prints faults
"""
import json
import os
import shutil
import sys
import traceback
import warnings

from compare import compare
from formats import convert
from kinds import kind_of, request
from twins import write_twin

warnings.simplefilter('ignore')


def make(folder, seed):
    kind, pick = kind_of(seed)
    path, twins = (os.path.join(folder, *parts, f'layer{seed}') for parts in ([], ['twins']))
    os.makedirs(path)
    os.makedirs(twins)
    order = list(range(kind['files']))
    if kind['shuffled']:
        pick.shuffle(order)
    for place, index in enumerate(order):
        twin = os.path.join(twins, f'{place}.nc')
        write_twin(twin, kind, index)
        convert(twin, os.path.join(path, str(place)), kind['formats'][place], kind)
    # A layer may also be a store.
    if kind['formats'][0].startswith('zarr') and kind['files'] == 1 and kind['chunk'] > 1:
        shutil.move(os.path.join(path, '0.zarr'), path + '.store')
        os.rmdir(path)
        os.rename(path + '.store', path)
    return request(kind, pick)


def faults_of(folder, asked):
    if asked['path'].startswith('failed'):
        return [asked['path']]
    try:
        return compare(folder, asked)
    except Exception:
        return [traceback.format_exc(limit=-3)]


if __name__ == '__main__':
    if sys.argv[1] == 'make':
        first, count = map(int, sys.argv[3:])
        print(json.dumps([make(sys.argv[2], seed) for seed in range(first, first + count)]))
    else:
        found = []
        for asked in json.load(sys.stdin):
            faults = faults_of(sys.argv[2], asked)
            if faults:
                found.append(f"seed {asked['kind']['seed']}: {faults}; subset {asked['subset']}; stride {asked['strideText']}; {asked['kind']}")
        print(json.dumps(found))
