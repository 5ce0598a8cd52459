import { DataAwsAvailabilityZones } from '@cdktf/provider-aws/lib/data-aws-availability-zones/index.js';
import { DefaultSecurityGroup } from '@cdktf/provider-aws/lib/default-security-group/index.js';
import { InternetGateway } from '@cdktf/provider-aws/lib/internet-gateway/index.js';
import { RouteTable } from '@cdktf/provider-aws/lib/route-table/index.js';
import { RouteTableAssociation } from '@cdktf/provider-aws/lib/route-table-association/index.js';
import { SecurityGroup } from '@cdktf/provider-aws/lib/security-group/index.js';
import { Subnet } from '@cdktf/provider-aws/lib/subnet/index.js';
import { Vpc } from '@cdktf/provider-aws/lib/vpc/index.js';
import { VpcEndpoint } from '@cdktf/provider-aws/lib/vpc-endpoint/index.js';
import { VpcSecurityGroupEgressRule } from '@cdktf/provider-aws/lib/vpc-security-group-egress-rule/index.js';
import { Fn, type ITerraformDependable } from 'cdktf';
import { Construct } from 'constructs';
import type { NetworkSettings } from '../../environments/network-settings.ts';
import type { Deployment } from './deployment.ts';

export interface NetworkProps {
  readonly deployment: Deployment;
  readonly settings: NetworkSettings;
}

/** The network of jobs: outgoing connections are allowed, incoming ones are not. */
export class Network extends Construct {
  readonly vpcId: string;
  readonly subnetIds: readonly string[];
  /** Security group of the machines that run jobs. */
  readonly jobsGroupId: string;
  /** Whether Fargate tasks need public addresses of their own to reach AWS. */
  readonly givesPublicAddresses: boolean;
  /** What machines need to reach AWS: created before the first machine, and deleted after the last. */
  readonly waysOut: ITerraformDependable[] = [];

  constructor(scope: Construct, id: string, { deployment, settings }: NetworkProps) {
    super(scope, id);
    if (settings.kind === 'existing') {
      this.vpcId = settings.vpcId;
      this.subnetIds = settings.subnetIds;
      this.givesPublicAddresses = settings.publicAddresses;
    } else {
      const dedicated = this.#dedicated(deployment, settings);
      this.vpcId = dedicated.vpcId;
      this.subnetIds = dedicated.subnetIds;
      this.givesPublicAddresses = true;
    }
    const group = new SecurityGroup(this, 'jobs', {
      namePrefix: `${deployment.name('jobs')}-`,
      description: 'Machines that run jobs: nothing comes in.',
      vpcId: this.vpcId,
      lifecycle: { createBeforeDestroy: true },
    });
    // Processes read from servers on any port.
    const egress = new VpcSecurityGroupEgressRule(this, 'jobs-egress', {
      securityGroupId: group.id,
      description: 'To anywhere',
      ipProtocol: '-1',
      cidrIpv4: '0.0.0.0/0',
    });
    this.waysOut.push(egress);
    this.jobsGroupId = group.id;
  }

  /**
   * Public subnets, because a NAT gateway costs more at rest than everything else here, and would protect
   * nothing that machines without an open port lack.
   */
  #dedicated(
    deployment: Deployment,
    { cidr, zones }: Extract<NetworkSettings, { kind: 'dedicated' }>,
  ) {
    const tags = (part: string) => ({ tags: { Name: deployment.name(part) } });
    const vpc = new Vpc(this, 'vpc', {
      cidrBlock: cidr,
      enableDnsSupport: true,
      enableDnsHostnames: true,
      ...tags('jobs'),
    });
    // AWS fills the default security group with rules; without rules it allows no traffic.
    new DefaultSecurityGroup(this, 'unused-default-group', { vpcId: vpc.id });
    const gateway = new InternetGateway(this, 'internet-gateway', {
      vpcId: vpc.id,
      ...tags('jobs'),
    });
    const routes = new RouteTable(this, 'routes', {
      vpcId: vpc.id,
      route: [{ cidrBlock: '0.0.0.0/0', gatewayId: gateway.id }],
      ...tags('jobs'),
    });
    // Outputs reach S3 within AWS's network, without transfer cost.
    const endpoint = new VpcEndpoint(this, 's3-endpoint', {
      vpcId: vpc.id,
      serviceName: `com.amazonaws.${deployment.region}.s3`,
      vpcEndpointType: 'Gateway',
      routeTableIds: [routes.id],
      ...tags('s3'),
    });
    this.waysOut.push(endpoint);
    const available = new DataAwsAvailabilityZones(this, 'zones', {
      state: 'available',
      // Local and Wavelength Zones have few instance types.
      filter: [{ name: 'opt-in-status', values: ['opt-in-not-required'] }],
      lifecycle: {
        postcondition: [
          {
            condition: `\${length(self.names) >= ${zones}}`,
            errorMessage: `The region has fewer than ${zones} availability zones; name fewer in network.zones of ${deployment.environment}.`,
          },
        ],
      },
    });
    const subnetIds = Array.from({ length: zones }, (_, zone) => {
      const subnet = new Subnet(this, `subnet-${zone}`, {
        vpcId: vpc.id,
        // Four equal parts, so that adding a zone does not move existing subnets.
        cidrBlock: Fn.cidrsubnet(cidr, 2, zone),
        availabilityZone: Fn.element(available.names, zone),
        mapPublicIpOnLaunch: true,
        ...tags(`jobs-${zone}`),
      });
      const association = new RouteTableAssociation(this, `subnet-${zone}-routes`, {
        subnetId: subnet.id,
        routeTableId: routes.id,
      });
      this.waysOut.push(association);
      return subnet.id;
    });
    return { vpcId: vpc.id, subnetIds };
  }
}
