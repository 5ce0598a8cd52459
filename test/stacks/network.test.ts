import { beforeAll, describe, expect, it } from 'vitest';
import { prod } from '../../environments/prod.ts';
import { changedStack } from './changed-stack.ts';
import { resource, resources, type SamplePlatform, samplePlatform } from './sample-platform.ts';

let shipped: SamplePlatform;
beforeAll(async () => {
  shipped = await samplePlatform();
});

describe('the network of an environment', () => {
  it("an environment's own network has no NAT gateway, and reaches S3 within AWS", () => {
    const stack = shipped.stacks['DEV'];
    expect(resources(stack, 'aws_nat_gateway')).toEqual([]);
    expect(resource(stack, 'aws_vpc_endpoint')).toMatchObject({
      service_name: 'com.amazonaws.ap-southeast-2.s3',
      vpc_endpoint_type: 'Gateway',
    });
    expect(resources(stack, 'aws_subnet')).toHaveLength(2);
    expect(resources(shipped.stacks['PROD'], 'aws_subnet')).toHaveLength(3);
  });

  it('the network allows no incoming traffic except NFS between jobs', () => {
    expect(resources(shipped.stacks['PROD'], 'aws_vpc_security_group_ingress_rule')).toEqual([]);
    expect(resource(shipped.stacks['DEV'], 'aws_vpc_security_group_ingress_rule')).toMatchObject({
      from_port: 2049,
      to_port: 2049,
    });
  });

  it("the network's ways out exist before the first machine starts, and until the last is gone", () => {
    const stack = shipped.stacks['PROD'];
    for (const environment of resources(stack, 'aws_batch_compute_environment')) {
      const before = JSON.stringify(environment['depends_on']);
      expect(before.match(/aws_route_table_association\./g)).toHaveLength(3);
      expect(before).toContain('aws_vpc_endpoint.');
      expect(before).toContain('aws_vpc_security_group_egress_rule.');
    }
  });

  it('a network is refused if the region has fewer zones than requested', () => {
    const zones = Object.values(shipped.stacks['PROD']?.data['aws_availability_zones'] ?? {});
    expect(zones).toMatchObject([
      {
        // Local and Wavelength zones have few instance types.
        state: 'available',
        filter: [{ name: 'opt-in-status', values: ['opt-in-not-required'] }],
        lifecycle: { postcondition: [{ condition: expect.stringContaining('>= 3') }] },
      },
    ]);
  });

  it('an existing network can be used', async () => {
    const stack = await changedStack(prod, {
      network: { kind: 'existing', vpcId: 'vpc-1', subnetIds: ['subnet-1', 'subnet-2'] },
    });
    expect(resources(stack, 'aws_vpc')).toEqual([]);
    for (const { compute_resources } of resources(stack, 'aws_batch_compute_environment')) {
      expect(compute_resources).toMatchObject({ subnets: ['subnet-1', 'subnet-2'] });
    }
  });
});
