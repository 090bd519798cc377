namespace PolicyValidator.Expressions.JsonPath;

/// <summary>Ends the reading of a path at what Envoy Gateway's library refuses.</summary>
/// <param name="message">Its sentence, without the place: <c>not terminated</c>.</param>
/// <param name="offset">How many characters were read, from 0.</param>
internal sealed class JsonPathException(string message, int offset) : Exception(message)
{
    /// <summary>How many characters were read.</summary>
    public int Offset { get; } = offset;
}

/// <summary>Ends an evaluation that takes too long, or that needs what is not known here.</summary>
/// <param name="reason">Why it was not followed: lower case, no full stop.</param>
internal sealed class PathNotFollowedException(string reason) : Exception(reason);
