using ExtProc.EndToEnd.Clients;
using ExtProc.EndToEnd.Lab;
using Microsoft.AspNetCore.Http;

namespace ExtProc.EndToEnd.Front;

/// <summary>Whatever way an app writes its response, all of it arrives, in its order.</summary>
public sealed class WritingTests
{
    /// <summary>Ways in which an app writes <c>one two</c>.</summary>
    private static readonly Dictionary<string, Func<HttpContext, Task>> Writers = new()
    {
        ["stream"] = async context =>
        {
            await context.Response.Body.WriteAsync("one "u8.ToArray());
            await context.Response.Body.WriteAsync("two"u8.ToArray());
        },
        ["pipe without a flush"] = context =>
        {
            "one two"u8.CopyTo(context.Response.BodyWriter.GetSpan(7));
            context.Response.BodyWriter.Advance(7);
            return Task.CompletedTask;
        },
        ["pipe, then stream"] = async context =>
        {
            "one "u8.CopyTo(context.Response.BodyWriter.GetSpan(4));
            context.Response.BodyWriter.Advance(4);
            await context.Response.Body.WriteAsync("two"u8.ToArray());
        },
        ["stream, then pipe"] = async context =>
        {
            await context.Response.Body.WriteAsync("one "u8.ToArray());
            await context.Response.BodyWriter.WriteAsync("two"u8.ToArray());
        },
        ["file"] = async context =>
        {
            string file = Path.Combine(Path.GetTempPath(), $"front-{Guid.NewGuid():N}");
            await File.WriteAllTextAsync(file, "<one two>");
            await context.Response.SendFileAsync(file, 1, 7);
            File.Delete(file);
        },
        ["started"] = async context =>
        {
            await context.Response.StartAsync();
            await context.Response.WriteAsync("one two");
        },
        ["completed"] = async context =>
        {
            await context.Response.WriteAsync("one two");
            await context.Response.CompleteAsync();
            await Assert.ThrowsAsync<InvalidOperationException>(() => context.Response.Body.WriteAsync("three"u8.ToArray()).AsTask());
        },
        ["with a length"] = context =>
        {
            context.Response.ContentLength = 7;
            return context.Response.WriteAsync("one two");
        },
        ["cleared before"] = context =>
        {
            (context.Response.StatusCode, context.Response.Headers["x-early"]) = (500, "1");
            context.Response.Clear();
            return context.Response.WriteAsync("one two");
        },
    };

    public static TheoryData<string, BodySendMode> Writing => Rows.Of(
        Writers.Keys, [BodySendMode.None, BodySendMode.Streamed, BodySendMode.Buffered, BodySendMode.FullDuplexStreamed]);

    [Theory]
    [MemberData(nameof(Writing))]
    public async Task An_app_writes_as_it_likes(string how, BodySendMode mode)
    {
        await using FrontLab lab = await ContractTests.StartAsync(mode, Writers[how]);
        foreach (ClientProtocol client in Enum.GetValues<ClientProtocol>())
        {
            var (answer, testId) = await lab.SendAsync(client, Call.Get("/"));
            Check.Ok("one two", answer);
            Assert.Null(answer.Headers["x-early"]);
            await lab.EndOfAsync(testId);
        }
    }
}
