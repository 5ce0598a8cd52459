// Calls the built function that follows Batch's events once, with one event, and reports how the call ended.
const [module, event] = process.argv.slice(2);
const { handler } = await import(module);
await handler(JSON.parse(event), {
  invokedFunctionArn: 'arn:aws:lambda:ap-southeast-2:123456789012:function:wps:DEV',
  awsRequestId: 'frozen',
});
process.exit(0);
