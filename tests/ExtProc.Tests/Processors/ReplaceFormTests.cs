using System.Text;
using ExtProc.Processors;

namespace ExtProc.Tests.Processors;

/// <summary>Forms are searched as they are read, and stay valid.</summary>
public sealed class ReplaceFormTests
{
    [Theory]
    [InlineData("a=secret&b=1", "secret", "x y", "a=x+y&b=1")]
    [InlineData("a=s%65cret", "secret", "[redacted]", "a=[redacted]")]
    [InlineData("a=%73%65%63%72%65%74&b=%53", "secret", "", "a=&b=%53")]
    [InlineData("a=my+secret+is%20out", "my secret", "&=%+", "a=%26%3D%25%2B+is%20out")]
    [InlineData("a=1+2", "1+2", "x", "a=x")]
    [InlineData("a=1%2B2&b=%7e%7E", "1+2", "x", "a=x&b=%7e%7E")]
    [InlineData("a=b%26c", "b&c", "x", "a=x")]
    [InlineData("sec%72et=1&%", "secret", "x", "x=1&%")]
    [InlineData("a=%s%65cret%7&b=%zz", "secret", "x", "a=%x%7&b=%zz")]
    [InlineData("aa%61a", "aa", "b", "bb")]
    [InlineData("abcabcab%64", "abcabd", "", "abc")]
    [InlineData("a=%C3%BCber", "über", "ü", "a=%C3%BC")]
    [InlineData("a=s%65cre", "secret", "x", "a=s%65cre")]
    [InlineData("q=%78&x=y", "x", "z", "q=z&z=y")]
    public Task A_text_is_found_however_its_letters_are_encoded(string form, string text, string by, string expected) =>
        Redacting.With(options: options => options with { Text = text, By = by })
            .MustBecomeAsync("application/x-www-form-urlencoded", Encoding.UTF8.GetBytes(form), Encoding.UTF8.GetBytes(expected));

    [Fact]
    public void The_longest_text_in_the_longest_spelling_may_be_held() =>
        Assert.Equal("%73%65%63%72%65%7".Length, FormText.HoldBytes("secret".Length));
}
