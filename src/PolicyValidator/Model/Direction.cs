namespace PolicyValidator.Model;

/// <summary>The request or the response: processing modes have the same three fields for each.</summary>
internal sealed record Direction(string Word)
{
    /// <summary>The way to the upstream.</summary>
    public static Direction Request { get; } = new("request");

    /// <summary>The way back.</summary>
    public static Direction Response { get; } = new("response");

    /// <summary>Both, the request first.</summary>
    public static IReadOnlyList<Direction> Both { get; } = [Request, Response];

    /// <summary>The field of a <c>ProcessingMode</c> for headers.</summary>
    public string HeaderMode => Word + "_header_mode";

    /// <summary>The field of a <c>ProcessingMode</c> for the body.</summary>
    public string BodyMode => Word + "_body_mode";

    /// <summary>The field of a <c>ProcessingMode</c> for trailers.</summary>
    public string TrailerMode => Word + "_trailer_mode";
}
