using ExtProc.EndToEnd.Clients;
using ExtProc.EndToEnd.Wire;
using ExtProc.Front;
using Microsoft.AspNetCore.Builder;

namespace ExtProc.EndToEnd.Front;

/// <summary>An exchange in which nothing moves ends, whoever it is that rests.</summary>
public sealed class IdleTests
{
    public static TheoryData<BodySendMode, ClientProtocol> Flowing => FlowTests.Flowing;

    [Theory]
    [MemberData(nameof(Flowing))]
    public async Task An_app_that_does_not_answer_costs_504(BodySendMode mode, ClientProtocol client)
    {
        await using FrontLab lab = await StartAsync(mode, (app, lab) =>
        {
            app.UseExtProc(lab.Configure);
            app.Run(context => Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, context.RequestAborted));
        });
        var (answer, testId) = await lab.SendAsync(client, Call.Get("/"));
        Assert.Equal((504, "stream timeout"), (answer.Status, answer.Text));
        await lab.EndOfAsync(testId);
    }

    [Theory]
    [MemberData(nameof(Flowing))]
    public async Task A_client_that_does_not_end_its_request_gets_408(BodySendMode mode, ClientProtocol client)
    {
        await using FrontLab lab = await StartAsync(mode);
        var (exchange, testId) = await lab.BeginAsync(client, Call.Post("/collect"));
        await exchange.WriteAsync("some"u8.ToArray(), lab.Cancel);
        Answer answer = await Caller.CollectAsync(exchange, lab.Cancel);
        Assert.Equal((408, "stream timeout"), (answer.Status, answer.Text));
        await lab.EndOfAsync(testId);
    }

    [Theory]
    [MemberData(nameof(Flowing))]
    public async Task A_response_that_goes_no_further_is_broken_off(BodySendMode mode, ClientProtocol client)
    {
        await using FrontLab lab = await StartAsync(mode);
        var (exchange, testId) = await lab.BeginAsync(client, Call.Get("/sse"));
        lab.Upstream.StepsOf(testId).Allow();
        await exchange.ReadHeadAsync(lab.Cancel);
        await FlowTests.ReadAsync(exchange, "data: item0\n\n".Length, lab.Cancel);
        await Assert.ThrowsAsync<CutShortException>(() => exchange.ReadAsync(lab.Cancel));
        await lab.EndOfAsync(testId);
    }

    [Theory]
    [InlineData(BodySendMode.None)]
    [InlineData(BodySendMode.Streamed)]
    [InlineData(BodySendMode.FullDuplexStreamed)]
    public async Task A_client_that_takes_nothing_is_not_waited_for(BodySendMode mode)
    {
        await using FrontLab lab = await StartAsync(mode, (app, lab) =>
        {
            app.UseExtProc(lab.Configure);
            app.Run(async context =>
            {
                byte[] much = new byte[64 << 10];
                while (!context.RequestAborted.IsCancellationRequested)
                {
                    await context.Response.Body.WriteAsync(much);
                }
            });
        });
        var (exchange, testId) = await lab.BeginAsync(ClientProtocol.Http1, Call.Get("/"));
        await exchange.ReadHeadAsync(lab.Cancel);
        await InApp.App.UntilAsync(() => lab.Front.OpenExchanges == 0, lab.Cancel);
        await lab.EndOfAsync(testId);
    }

    private static Task<FrontLab> StartAsync(BodySendMode mode, Action<WebApplication, FrontLab>? app = null) => FrontLab.StartAsync(FrontSetup.In(mode) with
    {
        Options = options => options.StreamIdleTimeout = TimeSpan.FromSeconds(2), App = app,
    });
}
