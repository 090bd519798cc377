using ExtProc.EndToEnd.Clients;
using ExtProc.EndToEnd.Lab;
using ExtProc.EndToEnd.Upstream;
using ExtProc.EndToEnd.Wire;
using ExtProc.Front;
using Microsoft.AspNetCore.Builder;

namespace ExtProc.EndToEnd.Front;

/// <summary>Client or app goes away in the middle: the other learns of it, the server's stream ends, and nothing stays open.</summary>
public sealed class GoneTests
{
    public static TheoryData<BodySendMode, ClientProtocol> Each => Rows.Of(
        Rows.BodyModes, Enum.GetValues<ClientProtocol>());

    public static TheoryData<BodySendMode, ClientProtocol> Flowing => FlowTests.Flowing;

    [Theory]
    [MemberData(nameof(Each))]
    public async Task When_the_client_goes_while_the_server_thinks_about_headers_the_app_is_never_called(BodySendMode mode, ClientProtocol client)
    {
        var thinks = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using FrontLab lab = await FrontLab.StartAsync(FrontSetup.In(mode) with
        {
            Does = new()
            {
                RequestHeaders = async (_, cancel) =>
                {
                    thinks.TrySetResult();
                    await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, cancel);
                    return Verdict.Continue;
                },
            },
        });
        var (exchange, testId) = await lab.BeginAsync(client, Call.Post("/echo"));
        await thinks.Task.WaitAsync(lab.Cancel);
        await exchange.AbortAsync(lab.Cancel);
        await lab.EndOfAsync(testId);
        Assert.False(lab.Upstream.HasSeen(testId), "the app was called for nobody");
        await AssertIdleAsync(lab);
    }

    [Theory]
    [MemberData(nameof(Flowing))]
    public async Task When_the_client_goes_in_the_middle_of_its_body_the_app_does_not_take_it_for_whole(BodySendMode mode, ClientProtocol client)
    {
        await using FrontLab lab = await FrontLab.StartAsync(FrontSetup.In(mode));
        var (exchange, testId) = await lab.BeginAsync(client, Call.Post("/collect"));
        await exchange.WriteAsync("aaa"u8.ToArray(), lab.Cancel);
        SeenRequest seen = await lab.Upstream.SeenAsync(testId, lab.Cancel);
        await InApp.App.UntilAsync(() => seen.Text == "aaa", lab.Cancel);
        await exchange.AbortAsync(lab.Cancel);
        await seen.Ended.WaitAsync(lab.Cancel);
        Assert.False(seen.Complete, "a request that was broken off looked whole");
        await lab.EndOfAsync(testId);
        await AssertIdleAsync(lab);
    }

    [Theory]
    [MemberData(nameof(Flowing))]
    public async Task When_the_client_goes_in_the_middle_of_the_response_the_app_is_told(BodySendMode mode, ClientProtocol client)
    {
        await using FrontLab lab = await FrontLab.StartAsync(FrontSetup.In(mode));
        var (exchange, testId) = await lab.BeginAsync(client, Call.Get("/sse?n=2"));
        lab.Upstream.StepsOf(testId).Allow();
        await exchange.ReadHeadAsync(lab.Cancel);
        await exchange.ReadAsync(lab.Cancel);
        await exchange.AbortAsync(lab.Cancel);
        await lab.SeenAsync(testId); // the script waits for a step that never comes, unless RequestAborted ends it
        await lab.EndOfAsync(testId);
        await AssertIdleAsync(lab);
    }

    [Theory]
    [MemberData(nameof(Each))]
    public async Task When_the_client_goes_before_the_response_the_app_is_told(BodySendMode mode, ClientProtocol client)
    {
        await using FrontLab lab = await FrontLab.StartAsync(FrontSetup.In(mode));
        var (exchange, testId) = await lab.BeginAsync(client, Call.Get("/sse?n=2"));
        SeenRequest seen = await lab.Upstream.SeenAsync(testId, lab.Cancel);
        await exchange.AbortAsync(lab.Cancel);
        await seen.Ended.WaitAsync(lab.Cancel);
        await lab.EndOfAsync(testId);
        await AssertIdleAsync(lab);
    }

    [Theory]
    [MemberData(nameof(Flowing))]
    public async Task When_the_app_breaks_off_its_response_the_client_does_not_take_it_for_whole(BodySendMode mode, ClientProtocol client)
    {
        await using FrontLab lab = await FrontLab.StartAsync(FrontSetup.In(mode));
        var (exchange, testId) = await lab.BeginAsync(client, Call.Get("/broken"));
        Assert.Equal(200, (await exchange.ReadHeadAsync(lab.Cancel)).Status);
        await FlowTests.ReadAsync(exchange, 1000, lab.Cancel);
        lab.Upstream.StepsOf(testId).Allow();
        await Assert.ThrowsAsync<CutShortException>(() => FlowTests.ReadAsync(exchange, 1, lab.Cancel));
        await lab.EndOfAsync(testId);
        await AssertIdleAsync(lab);
    }

    [Theory]
    [MemberData(nameof(Flowing))]
    public async Task When_the_app_throws_in_the_middle_of_its_response_the_client_does_not_take_it_for_whole(BodySendMode mode, ClientProtocol client)
    {
        await using FrontLab lab = await FrontLab.StartAsync(FrontSetup.In(mode) with { App = Throwing });
        var (exchange, testId) = await lab.BeginAsync(client, Call.Get("/after"));
        Assert.Equal(200, (await exchange.ReadHeadAsync(lab.Cancel)).Status);
        Check.Same("some"u8.ToArray(), await FlowTests.ReadAsync(exchange, 4, lab.Cancel));
        lab.Upstream.StepsOf("throw").Allow();
        await Assert.ThrowsAsync<CutShortException>(() => FlowTests.ReadAsync(exchange, 1, lab.Cancel));
        await lab.EndOfAsync(testId);
        await AssertIdleAsync(lab);
    }

    [Theory]
    [MemberData(nameof(Each))]
    public async Task When_the_app_throws_before_its_response_the_client_gets_500(BodySendMode mode, ClientProtocol client)
    {
        await using FrontLab lab = await FrontLab.StartAsync(FrontSetup.In(mode) with { App = Throwing });
        var (answer, testId) = await lab.SendAsync(client, Call.Post("/before", "aaa"u8.ToArray()));
        Check.Complete(500, [], answer);
        await lab.EndOfAsync(testId);
        await AssertIdleAsync(lab);
    }

    [Theory]
    [MemberData(nameof(Each))]
    public async Task When_the_app_aborts_before_its_response_the_client_gets_none(BodySendMode mode, ClientProtocol client)
    {
        await using FrontLab lab = await FrontLab.StartAsync(FrontSetup.In(mode) with
        {
            App = (app, lab) =>
            {
                app.UseExtProc(lab.Configure);
                app.Run(context =>
                {
                    context.Abort();
                    return Task.CompletedTask;
                });
            },
        });
        var (answer, testId) = await lab.SendAsync(client, Call.Post("/", "aaa"u8.ToArray()));
        Assert.True(answer is { Status: 0, CutShort: not null }, $"{answer}");
        await lab.EndOfAsync(testId);
        await AssertIdleAsync(lab);
    }

    [Theory]
    [MemberData(nameof(Flowing))]
    public async Task An_app_that_does_not_read_its_request_answers_all_the_same(BodySendMode mode, ClientProtocol client)
    {
        await using FrontLab lab = await FrontLab.StartAsync(FrontSetup.In(mode) with
        {
            App = (app, lab) =>
            {
                app.UseExtProc(lab.Configure);
                app.Run(context => context.Response.Body.WriteAsync("not read"u8.ToArray()).AsTask());
            },
        });
        var (answer, testId) = await lab.SendAsync(client, Call.Post("/", Pattern.Bytes(100_000)));
        Check.Ok("not read", answer);
        await lab.EndOfAsync(testId);
        await AssertIdleAsync(lab);
    }

    internal static void Throwing(WebApplication app, FrontLab lab)
    {
        app.UseExtProc(lab.Configure);
        app.Run(async context =>
        {
            if (context.Request.Path == "/after")
            {
                await context.Response.Body.WriteAsync("some"u8.ToArray());
                await lab.Upstream.StepsOf("throw").NextAsync(context.RequestAborted);
            }

            throw new InvalidDataException("thrown as asked");
        });
    }

    /// <summary>No exchange is open in the app any more.</summary>
    private static async Task AssertIdleAsync(FrontLab lab)
    {
        await InApp.App.UntilAsync(() => lab.Front.OpenExchanges == 0, lab.Cancel);
    }
}
