namespace ExtProc;

/// <summary>What a handler decides. The default value is <see cref="Continue"/>.</summary>
public readonly struct Verdict : IEquatable<Verdict>
{
    private Verdict(VerdictKind kind, LocalResponse? response = null)
    {
        Kind = kind;
        Response = response;
    }

    /// <summary>Go on.</summary>
    public static Verdict Continue => default;

    /// <summary>Show me no more of this direction. What I hold passes; no byte is lost.</summary>
    public static Verdict SkipRest { get; } = new(VerdictKind.SkipRest);

    /// <summary>Show me no more of this exchange. What I hold passes; no byte is lost.</summary>
    public static Verdict Leave { get; } = new(VerdictKind.Leave);

    internal VerdictKind Kind { get; }

    internal LocalResponse? Response { get; }

    /// <summary>
    /// Answers the client from here. Possible until the response's headers have gone (<see cref="Exchange.CanRespond"/>); after
    /// that the exchange is reset instead, for a status cannot be taken back.
    /// </summary>
    public static Verdict Respond(LocalResponse response)
    {
        ArgumentNullException.ThrowIfNull(response);
        return new(VerdictKind.Respond, response);
    }

    /// <summary>Answers the client from here with a text.</summary>
    /// <param name="status">HTTP status, 200 to 599.</param>
    /// <param name="text">The body, as <c>text/plain</c>; may be empty.</param>
    public static Verdict Respond(int status, string text = "") => Respond(new LocalResponse(status) { Text = text });

    /// <summary>So that a handler that does not await can return a verdict as it is.</summary>
    public static implicit operator ValueTask<Verdict>(Verdict verdict) => ValueTask.FromResult(verdict);

    /// <inheritdoc cref="op_Implicit(Verdict)"/>
    public ValueTask<Verdict> ToValueTask() => ValueTask.FromResult(this);

    /// <inheritdoc/>
    public bool Equals(Verdict other) => Kind == other.Kind && ReferenceEquals(Response, other.Response);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is Verdict other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Kind, Response);

    /// <summary>What is decided, such as <c>Continue</c> or <c>Respond 403</c>.</summary>
    public override string ToString() => Response is null ? Kind.ToString() : $"{Kind} {Response}";

    /// <summary>Whether both decide the same.</summary>
    public static bool operator ==(Verdict left, Verdict right) => left.Equals(right);

    /// <summary>Whether they decide differently.</summary>
    public static bool operator !=(Verdict left, Verdict right) => !left.Equals(right);
}

internal enum VerdictKind
{
    Continue,
    SkipRest,
    Leave,
    Respond,
}
