using ExtProc.TestTool;

return args switch
{
    ["envoy", .. string[] rest] => await EnvoyCommand.RunAsync(rest),
    ["sum", string folder] => SumCommand.Run(folder),
    ["waiting", string trx] => WaitingCommand.Run(trx),
    _ => Usage(),
};

static int Usage()
{
    Console.Error.WriteLine("""
        usage: test-tool envoy [--or-wait] [--tested] [VERSION...]
                 looks for each version, with --tested for those that tests run on, without either for any; writes the path of each to the
                 output, the lines of the search to the errors. Ends with 3 when one is missing, with --or-wait only where CI=true;
                 with 2 when ENVOY_BIN names what is no Envoy.
               test-tool sum FOLDER
                 adds up the .trx files below a folder; ends with 1 when a test failed, or was skipped for another reason than a missing
                 Envoy, or when none passed
               test-tool waiting FILE
                 says which tests of one .trx file wait for an Envoy
        """);
    return ExitCode.Usage;
}
