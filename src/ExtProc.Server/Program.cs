using ExtProc.Hosting;
using ExtProc.Try;

return await ExtProcProgram.RunAsync(args, commands: new TryCommand());
