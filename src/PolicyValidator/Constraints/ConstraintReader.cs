using System.Text;
using Google.Protobuf.Reflection;
using PolicyValidator.Decoding;
using PolicyValidator.Model;
using static PolicyValidator.Constraints.Constraint;

namespace PolicyValidator.Constraints;

/// <summary>Holds a message, and all messages in it, against the table.</summary>
internal sealed class ConstraintReader(DecodeContext context)
{
    /// <summary>From here on Envoy cannot count a duration in nanoseconds.</summary>
    private const long TooManySeconds = 9_223_372_036;

    /// <summary>Reports every field that is outside what Envoy allows.</summary>
    public void Check(ConfigMessage message)
    {
        foreach (FieldDescriptor field in message.Type.Fields.InDeclarationOrder())
        {
            CheckField(message, field);
        }

        foreach (OneofDescriptor oneof in message.Type.Oneofs.Where(each => ConstraintTable.RequiredOneofs.Contains(each.FullName)))
        {
            if (!oneof.Fields.Any(member => message.FieldOf(member.Name) is not null))
            {
                string members = Described.List(oneof.Fields.Select(member => member.Name));
                Missing(message.PlaceOf(oneof.Fields[0].Name), $"{message.Type.Name} without any of {members}", $"set one of {members}");
            }
        }
    }

    private void CheckField(ConfigMessage message, FieldDescriptor field)
    {
        ConfigField? set = message.FieldOf(field.Name);
        foreach (Constraint constraint in ConstraintTable.Fields.GetValueOrDefault(field.FullName, []))
        {
            CheckPresence(message, field, set, constraint);
        }

        foreach (ConfigValue value in set?.Values ?? [])
        {
            CheckValue(field, value);
            if (value.Value is ConfigMessage inner)
            {
                Check(inner);
            }
        }
    }

    /// <summary>What an absent field breaks, and what a list breaks as a whole. A member of a oneof may be absent.</summary>
    private void CheckPresence(ConfigMessage message, FieldDescriptor field, ConfigField? set, Constraint constraint)
    {
        int count = set?.Values.Count ?? 0;
        bool isMissing = set is null && field.RealContainingOneof is null && constraint is Required or MinLength or Not;
        if (isMissing && set is null)
        {
            Missing(message.PlaceOf(field.Name), $"{message.Type.Name} without {field.Name}", $"set {field.Name}{(constraint is Not ? " to a value other than its default" : "")}");
        }
        else if (constraint is MinItems { Items: var least } && count < least)
        {
            Missing(message.PlaceOf(field.Name), $"{field.Name} is empty", $"give it {least} item or more, or remove {message.Type.Name}");
        }
        else if (constraint is MaxItems { Items: var most } && count > most)
        {
            OutOfRange(message.PlaceOf(field.Name), $"{field.Name} has {count} items", $"keep {most} or fewer");
        }
    }

    private void CheckValue(FieldDescriptor field, ConfigValue value)
    {
        Place place = ConfigMessage.PlaceOf(value.Node);
        if (value.Value is ConfigDuration { } duration && Unusable(duration) is { } reason)
        {
            OutOfRange(place, $"{field.Name} is {reason}", "write a duration of 0s or more that is shorter than 292 years");
            return;
        }

        foreach (Constraint constraint in ConstraintTable.Fields.GetValueOrDefault(field.FullName, []))
        {
            if (Broken(field, value.Value, constraint) is (string message, string help))
            {
                OutOfRange(place, message, help);
            }
        }
    }

    /// <summary>Envoy refuses these for every duration, before any range of the field.</summary>
    private static string? Unusable(ConfigDuration duration) => duration switch
    {
        { Seconds: < 0 } or { Nanos: < 0 } => "negative",
        { Nanos: > 999_999_999 } => "not a duration: nanos go up to 999999999",
        { Seconds: >= TooManySeconds } => "longer than Envoy can count",
        _ => null,
    };

    private (string Message, string Help)? Broken(FieldDescriptor field, object? value, Constraint constraint) => (constraint, value) switch
    {
        (MinLength { Characters: var least }, string text) when text.EnumerateRunes().Count() < least =>
            ($"{field.Name} is empty", $"write {least} character or more"),
        (MaxBytes { Bytes: var most }, string text) when Encoding.UTF8.GetByteCount(text) > most =>
            ($"{field.Name} is {Encoding.UTF8.GetByteCount(text)} bytes long", $"keep it within {most} bytes"),
        (MaxBytes { Bytes: var most }, byte[] bytes) when bytes.Length > most =>
            ($"{field.Name} is {bytes.Length} bytes long", $"keep it within {most} bytes"),
        (HeaderText, string text) when text.AsSpan().ContainsAny('\0', '\r', '\n') =>
            ($"{field.Name} holds a NUL or a line end", "remove it: this goes into an HTTP header"),
        (DurationRange range, ConfigDuration duration) when IsOutside(duration, range) =>
            ($"{field.Name} is {duration}", Bounds(range)),
        (Defined, int number) when !FieldReleases.Defines(field.EnumType, number, context.Target.Version) =>
            ($"{field.Name} is {number}, which {field.EnumType.Name} does not define", $"use one of {Described.List(field.EnumType.Values.Where(each => FieldReleases.Of(each) <= context.Target.Version.Minor).Take(12).Select(each => each.Name))}"),
        (Not { Number: var refused }, int number) when number == refused =>
            ($"{field.Name} is {field.EnumType.FindValueByNumber(number)?.Name ?? "0"}", "set another value"),
        _ => null,
    };

    private static bool IsOutside(ConfigDuration duration, DurationRange range) =>
        duration.TotalSeconds < range.Min.TotalSeconds
        || (range.Max is { } max && (duration.TotalSeconds > max.TotalSeconds || (range.MaxIsOpen && duration == max)));

    private static string Bounds(DurationRange range) => range.Max is { } max
        ? $"write {range.Min} or more and {(range.MaxIsOpen ? "less than" : "at most")} {max}"
        : $"write {range.Min} or more";

    private void Missing(Place place, string message, string help) => context.Report(ProblemKind.Missing, place.Span, place.Pointer, message, help);

    private void OutOfRange(Place place, string message, string help) => context.Report(ProblemKind.OutOfRange, place.Span, place.Pointer, message, help);
}
