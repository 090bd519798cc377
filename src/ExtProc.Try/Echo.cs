using System.Buffers;
using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Primitives;

namespace ExtProc.Try;

/// <summary>
/// The upstream that there is when none is named: answers with the request as it arrived, the body as it comes, so that both directions
/// can be seen at once.
/// </summary>
internal static class Echo
{
    private const int ChunkBytes = 16 << 10;

    public static async Task AnswerAsync(HttpContext context)
    {
        HttpResponse response = context.Response;
        response.ContentType = "text/plain; charset=utf-8";
        response.Headers.XContentTypeOptions = "nosniff";
        await response.WriteAsync(HeadOf(context.Request), context.RequestAborted).ConfigureAwait(false);
        await response.Body.FlushAsync(context.RequestAborted).ConfigureAwait(false);
        await CopyAsync(context.Request.Body, response.Body, context.RequestAborted).ConfigureAwait(false);
        if (context.Request.SupportsTrailers() && TrailersOf(context.Request) is { Length: > 0 } trailers)
        {
            await response.WriteAsync(trailers, context.RequestAborted).ConfigureAwait(false);
        }
    }

    private static string HeadOf(HttpRequest request)
    {
        var head = new StringBuilder();
        head.Append(request.Method).Append(' ').Append(request.Path.ToUriComponent()).Append(request.QueryString.ToUriComponent()).Append('\n');
        foreach ((string name, StringValues values) in request.Headers.OrderBy(header => header.Key.Equals("host", StringComparison.OrdinalIgnoreCase) ? 0 : 1))
        {
            foreach (string? value in values)
            {
                head.Append(name.ToLowerInvariant()).Append(": ").Append(value).Append('\n');
            }
        }

        return head.Append('\n').ToString();
    }

    private static string TrailersOf(HttpRequest request)
    {
        IHeaderDictionary trailers = request.HttpContext.Features.GetRequiredFeature<IHttpRequestTrailersFeature>().Trailers;
        return string.Concat(trailers.SelectMany(trailer => trailer.Value, (trailer, value) => $"\ntrailer {trailer.Key}: {value}"));
    }

    private static async Task CopyAsync(Stream from, Stream to, CancellationToken cancellation)
    {
        byte[] buffer = ArrayPool<byte>.Shared.Rent(ChunkBytes);
        try
        {
            for (int count; (count = await from.ReadAsync(buffer, cancellation).ConfigureAwait(false)) > 0;)
            {
                await to.WriteAsync(buffer.AsMemory(0, count), cancellation).ConfigureAwait(false);
                await to.FlushAsync(cancellation).ConfigureAwait(false);
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }
}
