using System.IO.Pipelines;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Line = System.Collections.Generic.KeyValuePair<string, string>;

namespace ExtProc.Front.Http;

/// <summary>The request as the app sees it: what the server made of the client's.</summary>
internal sealed class AppRequest : IHttpRequestFeature, IHttpRequestBodyDetectionFeature, IRequestBodyPipeFeature, IHttpRequestTrailersFeature, IHttpRequestLifetimeFeature
{
    private readonly IHttpRequestFeature _client;
    private readonly IHttpRequestLifetimeFeature _lifetime;
    private readonly AppRequestBody _body;
    private Stream _bodyStream;
    private PipeReader? _reader;

    /// <param name="context">The client's exchange.</param>
    /// <param name="body">Where the body comes from.</param>
    /// <param name="aborted">Cancelled when the app's part is over.</param>
    public AppRequest(HttpContext context, AppRequestBody body, CancellationToken aborted)
    {
        _client = context.Features.GetRequiredFeature<IHttpRequestFeature>();
        _lifetime = context.Features.GetRequiredFeature<IHttpRequestLifetimeFeature>();
        (_body, _bodyStream, RequestAborted) = (body, body, aborted);
        (Protocol, Scheme, Method, PathBase, Path, QueryString, RawTarget) =
            (_client.Protocol, _client.Scheme, _client.Method, _client.PathBase, _client.Path, _client.QueryString, _client.RawTarget);
    }

    public string Protocol { get; set; }

    public string Scheme { get; set; }

    public string Method { get; set; }

    public string PathBase { get; set; }

    public string Path { get; set; }

    public string QueryString { get; set; }

    public string RawTarget { get; set; }

    public IHeaderDictionary Headers { get; set; } = new HeaderDictionary();

    public Stream Body
    {
        get => _bodyStream;
        set => (_bodyStream, _reader) = (value, null);
    }

    public PipeReader Reader => _reader ??= PipeReader.Create(_bodyStream, new StreamPipeReaderOptions(leaveOpen: true));

    public bool CanHaveBody { get; private set; }

    public bool Available => _body.IsAtEnd;

    public IHeaderDictionary Trailers => _body.IsAtEnd ? _body.Trailers : throw new InvalidOperationException("the request's trailers are there when its body has been read to its end");

    public CancellationToken RequestAborted { get; set; }

    /// <summary>Takes the headers that the server let go.</summary>
    /// <param name="lines">The lines.</param>
    /// <param name="originalPath">The path as the server got it.</param>
    /// <param name="end">The request has no body.</param>
    public void Take(IReadOnlyList<Line> lines, string originalPath, bool end)
    {
        CanHaveBody = !end;
        Method = HeaderLines.Last(lines, ":method") ?? Method;
        Scheme = HeaderLines.Last(lines, ":scheme") ?? Scheme;
        Headers = new HeaderDictionary();
        HeaderLines.Put(Headers, lines);
        if (HeaderLines.Last(lines, ":authority") is { Length: > 0 } authority)
        {
            Headers.Host = authority;
        }

        if (HeaderLines.Last(lines, ":path") is { } path && path != originalPath)
        {
            TakePath(path);
        }
    }

    public void Abort() => _lifetime.Abort();

    private void TakePath(string target)
    {
        (PathString path, QueryString query) = RequestLines.Split(target);
        PathString pathBase = new(_client.PathBase);
        bool keepsBase = pathBase.HasValue && path.StartsWithSegments(pathBase, out path);
        (RawTarget, PathBase, Path, QueryString) = (target, keepsBase ? _client.PathBase : "", path.Value ?? "", query.Value ?? "");
    }
}
