/** Folder on a machine that contains the scratch folders of jobs, on any volume. */
export const hostScratchFolder = '/var/lib/wps/scratch';

const boundary = '==WPS==';

/**
 * Batch runs containers in the machine's own network, so the hop limit of the metadata service does not keep
 * them out. Containers do not run as root, so a filter by the owner of a packet does.
 *
 * Source: https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/instancedata-data-retrieval.html
 * "Limit IMDS access"; https://docs.aws.amazon.com/batch/latest/userguide/networking-modes-jobs.html
 */
export const metadataForRootOnly =
  '--insert OUTPUT --destination 169.254.169.254 --match owner ! --uid-owner root --jump REJECT';

/**
 * The start script of a machine on Amazon's image; the image of `ami/` has all this built in.
 *
 * Batch merges it with a part of its own, which requires MIME multipart.
 * Source: https://docs.aws.amazon.com/batch/latest/userguide/launch-templates.html
 */
export const startOfMachine = `MIME-Version: 1.0
Content-Type: multipart/mixed; boundary="${boundary}"

--${boundary}
Content-Type: text/x-shellscript; charset="us-ascii"

#!/bin/bash
set -euo pipefail
install -d -m 1777 ${hostScratchFolder}
cat >> /etc/ecs/ecs.config <<'CONFIG'
ECS_IMAGE_PULL_BEHAVIOR=once
ECS_ENABLE_SPOT_INSTANCE_DRAINING=true
ECS_DISABLE_PRIVILEGED=true
ECS_ENGINE_TASK_CLEANUP_WAIT_DURATION=15m
ECS_CONTAINER_STOP_TIMEOUT=30s
CONFIG
iptables --wait ${metadataForRootOnly}

--${boundary}--
`;
