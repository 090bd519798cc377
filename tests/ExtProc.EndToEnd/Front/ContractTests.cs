using ExtProc.EndToEnd.Clients;
using ExtProc.EndToEnd.Lab;
using ExtProc.Front;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace ExtProc.EndToEnd.Front;

/// <summary>The front is middleware as any other: apps behind it and middleware before it find what ASP.NET Core promises them.</summary>
public sealed class ContractTests
{
    public static TheoryData<BodySendMode, ClientProtocol> Each => Rows.Of(
        [BodySendMode.None, BodySendMode.FullDuplexStreamed], Enum.GetValues<ClientProtocol>());

    [Theory]
    [InlineData("HEAD", 200)]
    [InlineData("GET", 204)]
    [InlineData("GET", 304)]
    public async Task A_response_without_a_body_is_whole_with_its_headers(string method, int status)
    {
        foreach (BodySendMode mode in (BodySendMode[])[BodySendMode.None, BodySendMode.Streamed, BodySendMode.Buffered, BodySendMode.FullDuplexStreamed])
        {
            await using FrontLab lab = await StartAsync(mode, context =>
            {
                (context.Response.StatusCode, context.Response.Headers.ETag) = (status, "\"1\"");
                return status == 200 ? context.Response.WriteAsync("not sent") : Task.CompletedTask;
            });
            foreach (ClientProtocol client in Enum.GetValues<ClientProtocol>())
            {
                var (answer, testId) = await lab.SendAsync(client, new Call(method, "/"));
                Check.Complete(status, [], answer);
                Assert.Equal("\"1\"", answer.Headers["etag"]);
                await lab.EndOfAsync(testId);
            }
        }
    }

    [Theory]
    [MemberData(nameof(Each))]
    public async Task Callbacks_before_the_start_still_change_headers_and_after_it_nothing_can_be_changed(BodySendMode mode, ClientProtocol client)
    {
        await using FrontLab lab = await StartAsync(mode, async context =>
        {
            Assert.False(context.Response.HasStarted);
            context.Response.OnStarting(() =>
            {
                (context.Response.StatusCode, context.Response.Headers["x-starting"]) = (201, "app");
                return Task.CompletedTask;
            });
            await context.Response.WriteAsync("body");
            Assert.True(context.Response.HasStarted);
            Assert.Throws<InvalidOperationException>(() => context.Response.StatusCode = 202);
            Assert.Throws<InvalidOperationException>(() => context.Response.Headers["x-late"] = "1");
        });
        var (answer, _) = await lab.SendAsync(client, Call.Get("/"));
        Check.Complete(201, "body"u8.ToArray(), answer);
        Assert.Equal("app", answer.Headers["x-starting"]);
    }

    [Theory]
    [MemberData(nameof(Each))]
    public async Task Middleware_before_the_front_changes_the_clients_response_as_it_starts(BodySendMode mode, ClientProtocol client)
    {
        await using FrontLab lab = await StartAsync(mode, context => context.Response.WriteAsync("body"), before: async (context, next) =>
        {
            context.Response.Headers["x-before"] = "kept";
            context.Response.OnStarting(() =>
            {
                context.Response.Headers["x-starting"] = $"{context.Response.StatusCode} {context.Response.HasStarted}";
                context.Response.StatusCode = 202;
                return Task.CompletedTask;
            });
            await next(context);
        });
        var (answer, _) = await lab.SendAsync(client, Call.Get("/"));
        Check.Complete(202, "body"u8.ToArray(), answer);
        Assert.Equal(("kept", "200 False"), (answer.Headers["x-before"], answer.Headers["x-starting"]));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task An_answer_of_the_server_keeps_what_middleware_before_the_front_has_set(bool inParts)
    {
        LocalResponse denied = inParts
            ? new(403) { WriteBody = async (body, cancellation) => await body.WriteAsync("denied"u8.ToArray(), cancellation) }
            : new(403) { Text = "denied" };
        await using FrontLab lab = await FrontLab.StartAsync(FrontSetup.In(BodySendMode.None) with
        {
            Declared = new() { Version = new(1, 40) }, // undeclared, none is answered in parts
            Does = new() { RequestHeaders = (_, _) => Verdict.Respond(denied) },
            App = (app, lab) =>
            {
                app.Use((context, next) =>
                {
                    context.Response.Headers["x-before"] = "kept";
                    return next(context);
                });
                app.UseExtProc(lab.Configure);
            },
        });
        var (answer, _) = await lab.SendAsync(ClientProtocol.Http1, Call.Get("/"));
        Check.Complete(403, "denied"u8.ToArray(), answer);
        Assert.Equal("kept", answer.Headers["x-before"]);
    }

    [Theory]
    [MemberData(nameof(Each))]
    public async Task Middleware_before_the_front_finds_the_final_status_and_its_own_features_again(BodySendMode mode, ClientProtocol client)
    {
        var after = new TaskCompletionSource<string>(TaskCreationOptions.RunContinuationsAsynchronously);
        await using FrontLab lab = await StartAsync(mode, context =>
        {
            context.Response.StatusCode = 418;
            return context.Response.WriteAsync("teapot");
        }, before: async (context, next) =>
        {
            object?[] features = FeaturesOf(context);
            await next(context);
            after.TrySetResult($"{context.Response.StatusCode} {features.SequenceEqual(FeaturesOf(context))} {context.RequestAborted.IsCancellationRequested}");
        });
        Check.Complete(418, "teapot"u8.ToArray(), (await lab.SendAsync(client, Call.Get("/"))).Answer);
        Assert.Equal("418 True False", await after.Task.WaitAsync(lab.Cancel));
    }

    [Theory]
    [MemberData(nameof(Each))]
    public async Task Middleware_before_the_front_may_write_behind_the_app(BodySendMode mode, ClientProtocol client)
    {
        await using FrontLab lab = await StartAsync(mode, context => context.Response.WriteAsync("app "), before: async (context, next) =>
        {
            await next(context);
            await context.Response.WriteAsync("more");
        });
        Check.Ok("app more", (await lab.SendAsync(client, Call.Get("/"))).Answer);
    }

    [Theory]
    [MemberData(nameof(Each))]
    public async Task What_the_app_throws_reaches_the_middleware_that_handles_it(BodySendMode mode, ClientProtocol client)
    {
        await using FrontLab lab = await FrontLab.StartAsync(FrontSetup.In(mode) with
        {
            App = (app, lab) =>
            {
                app.UseExceptionHandler(handler => handler.Run(context => context.Response.WriteAsync($"handled: {context.Features.Get<Microsoft.AspNetCore.Diagnostics.IExceptionHandlerFeature>()!.Error.Message}")));
                GoneTests.Throwing(app, lab);
            },
        });
        var (answer, testId) = await lab.SendAsync(client, Call.Post("/before", "aaa"u8.ToArray()));
        Check.Complete(500, "handled: thrown as asked"u8.ToArray(), answer);
        await lab.EndOfAsync(testId);
    }

    [Theory]
    [MemberData(nameof(Each))]
    public async Task An_exchange_that_went_well_is_not_aborted_for_the_app(BodySendMode mode, ClientProtocol client)
    {
        int aborted = 0;
        await using FrontLab lab = await StartAsync(mode, context =>
        {
            context.RequestAborted.Register(() => Interlocked.Increment(ref aborted));
            return context.Response.WriteAsync("body");
        });
        for (int at = 0; at < 20; at++)
        {
            Check.Ok("body", (await lab.SendAsync(client, Call.Get("/"))).Answer);
        }

        await InApp.App.UntilAsync(() => lab.Front.OpenExchanges == 0, lab.Cancel);
        Assert.Equal(0, aborted);
    }

    [Theory]
    [MemberData(nameof(Each))]
    public async Task An_app_that_has_completed_its_response_may_still_read_its_request(BodySendMode mode, ClientProtocol client)
    {
        var read = new TaskCompletionSource<string>(TaskCreationOptions.RunContinuationsAsynchronously);
        await using FrontLab lab = await StartAsync(mode, async context =>
        {
            await context.Response.WriteAsync("answer");
            await context.Response.CompleteAsync();
            using var reader = new StreamReader(context.Request.Body);
            read.TrySetResult(await reader.ReadToEndAsync(context.RequestAborted));
        });
        var (exchange, testId) = await lab.BeginAsync(client, Call.Post("/"));
        Check.Ok("answer", await Caller.CollectAsync(exchange, lab.Cancel));
        await exchange.WriteLastAsync("late"u8.ToArray(), lab.Cancel);
        Assert.Equal("late", await read.Task.WaitAsync(lab.Cancel));
        await lab.EndOfAsync(testId);
    }

    /// <summary>A lab with an app, and what stands before the front in it.</summary>
    internal static Task<FrontLab> StartAsync(BodySendMode mode, Func<HttpContext, Task> app, Func<HttpContext, RequestDelegate, Task>? before = null) => FrontLab.StartAsync(FrontSetup.In(mode) with
    {
        App = (web, lab) =>
        {
            if (before is not null)
            {
                web.Use(before);
            }

            web.UseExtProc(lab.Configure);
            web.Run(context => app(context));
        },
    });

    private static object?[] FeaturesOf(HttpContext context) =>
    [
        context.Features.Get<IHttpRequestFeature>(), context.Features.Get<IHttpRequestBodyDetectionFeature>(), context.Features.Get<IRequestBodyPipeFeature>(),
        context.Features.Get<IHttpRequestTrailersFeature>(), context.Features.Get<IHttpRequestLifetimeFeature>(), context.Features.Get<IHttpResponseFeature>(),
        context.Features.Get<IHttpResponseBodyFeature>(), context.Features.Get<IHttpResponseTrailersFeature>(), context.Features.Get<IHttpResetFeature>(),
    ];
}
