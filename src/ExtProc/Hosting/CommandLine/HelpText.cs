namespace ExtProc.Hosting.CommandLine;

/// <summary>What <c>--help</c> says.</summary>
internal static class HelpText
{
    /// <summary>All of it.</summary>
    /// <param name="commands">Those beside serve and check.</param>
    public static string Of(IEnumerable<ExtProcCommand> commands) =>
        Usage + string.Concat(commands.Select(command => $"  extproc {command.Usage}\n")) + Serve + string.Concat(commands.Select(command => $"{command.Help}\n")) + ExitCodes;

    private const string Usage = """
        extproc: an Envoy external processing (ext_proc) server

        usage:
          extproc serve [flags]    run the server; without a configuration everything passes unchanged
          extproc check FILE       say whether a configuration can be used, and if not, why

        """;

    private const string Serve = """
          extproc --version
          extproc --help

        flags of serve:
          --config FILE            the configuration, usually called extproc.yaml
          --listen ADDRESS         where Envoy connects, cleartext HTTP/2       (127.0.0.1:9000)
          --admin ADDRESS          where /live and /ready answer, HTTP/1.1; off (127.0.0.1:9001)
          --log-exchanges          one line for each exchange on standard output
          --drain-delay TIME       how long new exchanges are still taken when the server is stopped    (5s)
          --drain-timeout TIME     how long exchanges may take to finish when the server is stopped (10s)

        Every setting of the configuration that is one value can also be given as an environment variable:
        limits.handlerTimeout is EXTPROC_LIMITS_HANDLER_TIMEOUT, --config is EXTPROC_CONFIG. Flags win over variables, variables over
        the file. An address is an IP address and a port; only what you write is opened, nothing is public by default.

        An exchange's line says when it ended (UTC), its x-request-id, method, path and status, the bytes of each body that came>went, and
        what took how long: times=rqh, rqb, rqt for the request's headers, body and trailers, rsh, rsb, rst for the response's.
        docs/logs.md explains all of it.

        SIGTERM stops the server: health says NOT_SERVING, after the delay no new streams are taken, exchanges in flight finish; those
        that do not within the time end UNAVAILABLE. Ctrl-C leaves the delay out, a second Ctrl-C ends at once. SIGHUP is ignored: a new
        configuration is read by a restart.


        """;

    private const string ExitCodes = """
        exit codes:
          0   did what was asked; serve: was stopped
          1   failed while running
          2   could not begin: bad usage, a configuration that cannot be used, a port that cannot be opened

        """;
}
