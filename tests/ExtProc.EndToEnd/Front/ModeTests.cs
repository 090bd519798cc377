using System.Collections.Concurrent;
using Envoy.Service.ExtProc.V3;
using ExtProc.EndToEnd.Clients;
using ExtProc.EndToEnd.Lab;
using ExtProc.EndToEnd.Upstream;
using ExtProc.EndToEnd.Wire;
using ExtProc.Front;

namespace ExtProc.EndToEnd.Front;

/// <summary>Whatever the modes say, client and app get all; the server gets what they say, and no more.</summary>
public sealed class ModeTests
{
    private static readonly byte[] Sent = Pattern.Bytes(100_000);

    public static TheoryData<BodySendMode, HeaderSendMode, HeaderSendMode> Each => Rows.Of(
        Rows.BodyModes,
        [HeaderSendMode.Send, HeaderSendMode.Skip],
        [HeaderSendMode.Send, HeaderSendMode.Skip]);

    [Theory]
    [MemberData(nameof(Each))]
    public async Task The_server_gets_what_the_modes_say(BodySendMode body, HeaderSendMode headers, HeaderSendMode trailers)
    {
        if (body is BodySendMode.FullDuplexStreamed && trailers is HeaderSendMode.Skip)
        {
            Assert.Throws<ArgumentException>(() => OptionsCheck.Require(new ExtProcPerRoute { ProcessingMode = ModesOf(body, headers, trailers) }));
            return;
        }

        var traces = new ConcurrentQueue<Trace>();
        await using FrontLab lab = await FrontLab.StartAsync(new FrontSetup(ModesOf(body, headers, trailers)) with
        {
            Options = options => options.Trace = _ =>
            {
                var trace = new Trace();
                traces.Enqueue(trace);
                return trace;
            },
        });
        foreach (ClientProtocol client in Enum.GetValues<ClientProtocol>())
        {
            bool hasTrailers = client is ClientProtocol.Http2;
            var call = Call.Post("/echo", Pattern.Split(Sent, 5, 1)) with { Trailers = hasTrailers ? new Fields { { "x-t", "1" } } : null };
            var (answer, testId) = await lab.SendAsync(client, call);
            Check.Ok(Sent, answer);
            Assert.Equal(hasTrailers ? "1" : null, answer.Trailers["echo-x-t"]);
            SeenRequest seen = await lab.SeenAsync(testId);
            Assert.Equal((true, hasTrailers ? "1" : null), (seen.Complete, seen.Trailers["x-t"]));
            Assert.True(traces.TryDequeue(out Trace? trace));
            Assert.Equal(Expected(body, headers, hasTrailers ? trailers : HeaderSendMode.Skip), await trace.KindsAsync(lab.Cancel));
        }

        await InApp.App.UntilAsync(() => lab.Front.OpenExchanges == 0, lab.Cancel);
        Assert.DoesNotContain(lab.Front.Log.All, line => line.Contains("ext_proc server", StringComparison.Ordinal));
    }

    private static SortedSet<string> Expected(BodySendMode body, HeaderSendMode headers, HeaderSendMode trailers) =>
    [
        .. headers is HeaderSendMode.Send ? new[] { "RequestHeaders", "ResponseHeaders" } : [],
        .. body is not BodySendMode.None ? new[] { "RequestBody", "ResponseBody" } : [],
        .. trailers is HeaderSendMode.Send ? new[] { "RequestTrailers", "ResponseTrailers" } : [],
    ];

    private static ProcessingMode ModesOf(BodySendMode body, HeaderSendMode headers, HeaderSendMode trailers) => new()
    {
        RequestBodyMode = body, ResponseBodyMode = body, RequestHeaderMode = headers, ResponseHeaderMode = headers, RequestTrailerMode = trailers, ResponseTrailerMode = trailers,
    };

    private sealed class Trace : IExchangeTrace
    {
        private readonly SortedSet<string> kinds = [];
        private readonly TaskCompletionSource ended = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public async Task<SortedSet<string>> KindsAsync(CancellationToken cancel)
        {
            await ended.Task.WaitAsync(cancel);
            return kinds;
        }

        public void Sent(ProcessingRequest message) => kinds.Add($"{message.RequestCase}");

        public void Received(ProcessingResponse message)
        {
        }

        public void ServerEnded(int status, string message)
        {
        }

        public void Violated(string what) => kinds.Add(what);

        public void Ended(int status) => ended.TrySetResult();
    }
}
