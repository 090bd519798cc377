using ExtProc.EndToEnd.Clients;
using ExtProc.EndToEnd.Lab;
using ExtProc.EndToEnd.Upstream;

namespace ExtProc.EndToEnd.Front;

/// <summary>The server answers the client in the app's place, at once or piece by piece.</summary>
public sealed class AnswerTests
{
    private static readonly Call Small = Call.Post("/echo", "abc"u8.ToArray());

    public static TheoryData<BodySendMode, ClientProtocol> Each => GoneTests.Each;

    [Theory]
    [MemberData(nameof(Each))]
    public async Task An_answer_to_the_requests_headers_comes_in_place_of_the_apps(BodySendMode mode, ClientProtocol client)
    {
        await using FrontLab lab = await FrontLab.StartAsync(FrontSetup.In(mode) with { Does = new() { RequestHeaders = (_, _) => Denied } });
        var (answer, testId) = await lab.SendAsync(client, Small);
        Check.Complete(403, "denied"u8.ToArray(), answer);
        Assert.Equal("1", answer.Headers["x-denied"]);
        Assert.Equal(ExchangeOutcome.Responded, (await lab.EndOfAsync(testId)).Completion.Outcome);
        Assert.False(lab.Upstream.HasSeen(testId));
    }

    [Theory]
    [MemberData(nameof(Each))]
    public async Task An_answer_to_the_responses_headers_comes_in_place_of_the_apps(BodySendMode mode, ClientProtocol client)
    {
        await using FrontLab lab = await FrontLab.StartAsync(FrontSetup.In(mode) with { Does = new() { ResponseHeaders = (_, _) => Denied } });
        var (answer, testId) = await lab.SendAsync(client, Small);
        Check.Complete(403, "denied"u8.ToArray(), answer);
        await lab.EndOfAsync(testId);
    }

    [Theory]
    [InlineData(BodySendMode.None)]
    [InlineData(BodySendMode.FullDuplexStreamed)]
    public async Task A_streamed_answer_comes_piece_by_piece(BodySendMode mode)
    {
        using var steps = new Steps();
        await using FrontLab lab = await FrontLab.StartAsync(FrontSetup.In(mode) with
        {
            Declared = new() { Version = new(1, 39) }, // for 1.40 the server gathers the body in full duplex
            Does = new()
            {
                RequestHeaders = (_, _) => Verdict.Respond(new LocalResponse(200)
                {
                    WriteBody = async (writer, cancel) =>
                    {
                        await writer.WriteAsync("one "u8.ToArray(), cancel);
                        await steps.NextAsync(cancel);
                        await writer.WriteAsync("two"u8.ToArray(), cancel);
                    },
                }),
            },
        });
        foreach (ClientProtocol client in Enum.GetValues<ClientProtocol>())
        {
            var (exchange, testId) = await lab.BeginAsync(client, Call.Get("/echo"));
            Assert.Equal(200, (await exchange.ReadHeadAsync(lab.Cancel)).Status);
            Check.Same("one "u8.ToArray(), await FlowTests.ReadAsync(exchange, 4, lab.Cancel));
            steps.Allow();
            Check.Same("two"u8.ToArray(), await FlowTests.ReadAsync(exchange, 3, lab.Cancel));
            Assert.Null(await exchange.ReadAsync(lab.Cancel));
            await lab.EndOfAsync(testId);
        }
    }

    private static Verdict Denied => Verdict.Respond(new LocalResponse(403) { Text = "denied", Headers = { ["x-denied"] = "1" } });
}
