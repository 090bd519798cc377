using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Extensions;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Primitives;
using Line = System.Collections.Generic.KeyValuePair<string, string>;

namespace ExtProc.Front.Http;

/// <summary>A request's headers as a proxy sees them: pseudo headers first, names in lower case, a line for each value; and back.</summary>
internal static class RequestLines
{
    private static readonly string[] Hop = ["connection", "keep-alive", "proxy-connection", "upgrade", "http2-settings"];

    /// <summary>The lines of a request.</summary>
    /// <param name="context">The exchange.</param>
    /// <param name="generates">Whether <c>x-request-id</c> and <c>x-forwarded-proto</c> are added where they are missing.</param>
    public static List<Line> Of(HttpContext context, bool generates)
    {
        HttpRequest request = context.Request;
        List<Line> lines = [new(":authority", request.Host.Value ?? ""), new(":path", PathOf(request)), new(":method", request.Method), new(":scheme", request.Scheme)];
        bool upgrades = Tunnel.UpgradeOf(context) is not null;
        if (context.Features.Get<IHttpExtendedConnectFeature>() is { IsExtendedConnect: true, Protocol: { } protocol })
        {
            lines.Add(new(":protocol", protocol));
        }

        foreach ((string name, StringValues values) in request.Headers)
        {
            string key = name.ToLowerInvariant();
            if (key != "host" && !key.StartsWith(':') && (upgrades || !Hop.Contains(key)))
            {
                lines.AddRange(values.Select(value => new Line(key, value ?? "")));
            }
        }

        if (generates)
        {
            AddMissing(lines, "x-forwarded-proto", request.Scheme);
            AddMissing(lines, "x-request-id", null);
        }

        return lines;
    }

    /// <summary>The path and query as they came, or as the app's middleware has changed them since.</summary>
    public static string PathOf(HttpRequest request)
    {
        string raw = request.HttpContext.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget;
        if (!raw.StartsWith('/'))
        {
            return request.GetEncodedPathAndQuery();
        }

        (PathString path, QueryString query) = Split(raw);
        return path == request.PathBase.Add(request.Path) && query == request.QueryString ? raw : request.GetEncodedPathAndQuery();
    }

    /// <summary>Takes path and query apart.</summary>
    public static (PathString Path, QueryString Query) Split(string target)
    {
        int question = target.IndexOf('?', StringComparison.Ordinal);
        string path = question < 0 ? target : target[..question];
        return (path.StartsWith('/') ? PathString.FromUriComponent(path) : new($"/{path}"), question < 0 ? QueryString.Empty : new(target[question..]));
    }

    private static void AddMissing(List<Line> lines, string name, string? value)
    {
        if (!lines.Exists(line => line.Key == name))
        {
            lines.Add(new(name, value ?? Guid.NewGuid().ToString()));
        }
    }
}
