import { BudgetsBudget } from '@cdktf/provider-aws/lib/budgets-budget/index.js';
import type { Construct } from 'constructs';
import type { BudgetSettings } from '../../environments/operations-settings.ts';
import type { Deployment } from './deployment.ts';

export interface BudgetProps {
  readonly deployment: Deployment;
  readonly settings: BudgetSettings;
  readonly topicArn: string;
}

/**
 * The monthly budget of the environment, by its tag. AWS counts a tag only after it is activated as a cost
 * allocation tag in the billing console.
 */
export class Budget extends BudgetsBudget {
  constructor(scope: Construct, id: string, { deployment, settings, topicArn }: BudgetProps) {
    const notification = (notificationType: 'ACTUAL' | 'FORECASTED', threshold: number) => ({
      notificationType,
      threshold,
      thresholdType: 'PERCENTAGE',
      comparisonOperator: 'GREATER_THAN',
      subscriberSnsTopicArns: [topicArn],
    });
    super(scope, id, {
      name: deployment.name('monthly'),
      budgetType: 'COST',
      timeUnit: 'MONTHLY',
      limitAmount: settings.monthlyUsd.toFixed(1),
      limitUnit: 'USD',
      costFilter: [{ name: 'TagKeyValue', values: [`user:Environment$${deployment.environment}`] }],
      notification: [notification('ACTUAL', 80), notification('FORECASTED', 100)],
    });
  }
}
