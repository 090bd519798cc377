using System.IO.Enumeration;

namespace ExtProc;

/// <summary>
/// Which bodies a processor can read. What is not among them is unreadable (<see cref="Reasons.BodyUnreadable"/>) and never shown to
/// it: with <c>onError: fail</c> or <c>respond</c> the client gets 415 (request) or 502 (response), with <c>skip</c> the body passes
/// untouched and the log line says so.
/// </summary>
/// <remarks>
/// Media types are compared in any letter case and without their parameters. A set that names types does not read a part of a
/// larger body (206, 226, <c>content-range</c>), unless its processor changes nothing (<see cref="Needs.ReadOnly"/>).
/// </remarks>
public sealed record BodyTypes
{
    private static readonly string[] OfJson = ["application/json", "*/*+json", "text/json"];

    private static readonly string[] OfText =
    [
        "text/*", .. OfJson, "application/json-seq", "*/*+json-seq", "application/x-ndjson", "application/ndjson", "application/jsonl",
        "application/json-lines", "application/jsonlines", "application/json5", "application/csp-report", "application/xml", "*/*+xml",
        "application/xml-dtd", "application/javascript", "application/x-javascript", "application/ecmascript", "application/typescript",
        "application/graphql", "application/yaml", "application/x-yaml", "*/*+yaml", "application/toml", "application/sql",
    ];

    private static readonly string[] OfMessages =
    [
        "application/grpc", "application/grpc+*", "application/grpc-web", "application/grpc-web+*", "application/connect+*",
        "text/event-stream", "application/x-ndjson", "application/ndjson", "application/jsonl", "application/json-lines", "application/jsonlines",
    ];

    private readonly string[] _patterns;

    private BodyTypes(params string[] patterns) => _patterns = patterns;

    /// <summary>Every HTTP body as the bytes that it is, with a content-type or without, whole or in part; the default.</summary>
    public static BodyTypes Any { get; } = new("*/*") { IsAny = true, Untyped = true };

    /// <summary>As <see cref="Any"/>, and what follows a 101 or a CONNECT, which is no HTTP body.</summary>
    public static BodyTypes RawBytes { get; } = Any with { Tunnels = true };

    /// <summary>
    /// Text in UTF-8: <c>text/*</c> with server-sent events, JSON and <c>+json</c>, JSON lines, XML and <c>+xml</c>, JavaScript, YAML.
    /// Not <c>application/x-www-form-urlencoded</c>, whose text is encoded once more.
    /// </summary>
    public static BodyTypes Text { get; } = new(OfText) { InUtf8 = true };

    /// <summary>JSON in UTF-8: <c>application/json</c>, <c>+json</c>.</summary>
    public static BodyTypes Json { get; } = new(OfJson) { InUtf8 = true };

    /// <summary>What <see cref="BodyNeed.Messages"/> gives one by one: gRPC, gRPC-Web, Connect, server-sent events, JSON lines.</summary>
    public static BodyTypes Messages { get; } = new(OfMessages) { InUtf8 = true };

    /// <summary>Whether a body without a content-type, or whose headers Envoy does not send, is read.</summary>
    public bool Untyped { get; init; }

    /// <summary>Whether what follows a 101 or a CONNECT is read, for which no content-type is said.</summary>
    public bool Tunnels { get; init; }

    /// <summary>
    /// Whether a body that holds others is read one by one, where the need is a <see cref="BodyNeed.Stream"/>: a multipart body part by
    /// part, gRPC, gRPC-Web and Connect message by message. The type of each then decides, and <see cref="Body.MediaType"/> says it;
    /// boundaries, part headers and lengths are kept right and are not shown.
    /// </summary>
    public bool Parts { get; init; }

    /// <summary>Whether bodies in another charset than UTF-8 or US-ASCII count as unreadable, also where only their first bytes say so.</summary>
    public bool InUtf8 { get; init; }

    /// <summary>
    /// Whether single-byte charsets that agree with US-ASCII below 128 are read beside UTF-8 (ISO-8859, Windows-125x): right for who
    /// looks for US-ASCII only.
    /// </summary>
    public bool SingleByteCharsets { get; init; }

    /// <summary>Everything, so that no type need be looked at.</summary>
    internal bool IsAny { get; private init; }

    /// <summary>Bodies of these types.</summary>
    /// <param name="patterns">Such as <c>image/png</c>, <c>text/*</c>, <c>application/vnd.acme.*</c>; a <c>*</c> stands for any letters.</param>
    /// <exception cref="ArgumentException">One is no media type.</exception>
    public static BodyTypes Of(params string[] patterns)
    {
        ArgumentNullException.ThrowIfNull(patterns);
        return new([.. patterns.Select(Checked)]);
    }

    /// <summary>These and more, read in the same way.</summary>
    /// <inheritdoc cref="Of"/>
    public BodyTypes And(params IReadOnlyList<string> patterns)
    {
        ArgumentNullException.ThrowIfNull(patterns);
        return new([.. _patterns, .. patterns.Select(Checked)])
        {
            IsAny = IsAny, Untyped = Untyped, Tunnels = Tunnels, Parts = Parts, InUtf8 = InUtf8, SingleByteCharsets = SingleByteCharsets,
        };
    }

    /// <summary>Whether a media type is among them.</summary>
    /// <param name="mediaType">Type and subtype, without parameters.</param>
    public bool Includes(string mediaType)
    {
        foreach (string pattern in _patterns)
        {
            if (FileSystemName.MatchesSimpleExpression(pattern, mediaType, ignoreCase: true))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Why a text is no pattern; null when it is one.</summary>
    internal static string? WhyNoPattern(string pattern) =>
        pattern.Split('/') is [var type, var subtype] && MediaType.IsToken(type) && MediaType.IsToken(subtype)
            ? null
            : $"\"{pattern}\" is no media type; write one without parameters, such as application/x-own, text/* or application/*+own";

    private static string Checked(string pattern)
    {
        ArgumentNullException.ThrowIfNull(pattern);
        return WhyNoPattern(pattern) is { } why ? throw new ArgumentException(why, nameof(pattern)) : pattern;
    }
}
