using ExtProc.Front;

namespace ExtProc.Try;

/// <summary>What is said at start.</summary>
internal static class Greeting
{
    /// <param name="wanted">What was asked for.</param>
    /// <param name="filter">The front's settings.</param>
    /// <param name="front">Where clients connect.</param>
    /// <param name="server">Where the front connects.</param>
    /// <param name="pipeline">The server's processors.</param>
    public static string Of(TryArguments wanted, ExtProcFilterOptions filter, string front, string server, string pipeline) =>
        $"""
        extproc try: this is not Envoy; its ext_proc filter is followed as Envoy {filter.EnvoyVersion} has it
          front     http://{front} (HTTP/1.1)
          server    {server}: {pipeline}
          upstream  {wanted.Upstream?.AbsoluteUri ?? "answers with the request as it arrived (--upstream URL forwards it)"}
          modes     {Modes(filter.ProcessingMode)}

        try it in another terminal; Ctrl-C ends this:
          curl -i -d 'hello' http://{front}/

        """.ReplaceLineEndings("\n");

    private static string Modes(ProcessingMode modes) =>
        $"request {ModesOf(modes, Direction.Request)}; response {ModesOf(modes, Direction.Response)}";

    private static string ModesOf(ProcessingMode modes, Direction direction) =>
        $"headers {Sent(modes.SendsHeaders(direction))}, body {ModeNames.Of(modes.BodyMode(direction))}, trailers {Sent(modes.SendsTrailers(direction))}";

    private static string Sent(bool isSent) => isSent ? "SEND" : "SKIP";
}
