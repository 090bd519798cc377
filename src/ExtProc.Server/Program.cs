using ExtProc.Hosting;

return await ExtProcProgram.RunAsync(args);
