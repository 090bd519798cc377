namespace ExtProc.Try;

/// <summary>What <c>--help</c> says of the command.</summary>
internal static class TryHelp
{
    public const string Usage = "try [flags]      show the server at work in this one process, with no Envoy; for trying and debugging";

    public const string Text = """
        flags of try:
          --config FILE            the configuration, as for serve; its ports are not opened
          --upstream URL           where requests go, http:// or https://; without it they are answered with what arrived
          --port PORT              where clients connect on this machine, HTTP/1.1; 0 for one that is free (10000)
          --mode MODE              how both bodies are sent: NONE, STREAMED, BUFFERED, BUFFERED_PARTIAL  (FULL_DUPLEX_STREAMED)
          --envoy VERSION          the release to follow, 1.36 to 1.40                            (envoy.version, else 1.40)

        try starts the server as serve does, on a port that is free, an ext_proc filter before it, and an upstream behind that. Each exchange is
        shown as its messages: > to the server, < its answers, | the end of its stream, ! what Envoy refuses or ignores, then the status that
        the client got. What the envoy section of the configuration declares is what the filter does; --mode is for when it declares no
        processingMode, and sends trailers too. A message may take 10 s to be answered unless envoy.messageTimeout says otherwise, so that
        a debugger can stop a handler; Envoy's own default is 200 ms. A request that names the front as its host gets the upstream's.

        """;
}
