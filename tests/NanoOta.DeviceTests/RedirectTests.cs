using nanoFramework.TestFramework;

namespace NanoOta.DeviceTests
{
    [TestClass]
    public class RedirectTests
    {
        private const string From = "https://h:8443/rel/app.bin?v=a/b";

        [TestMethod]
        public void An_address_is_taken_as_it_is_but_for_its_fragment()
        {
            Assert.AreEqual("https://s3.example/x?sig=a%2Fb&e=1", To(From, "https://s3.example/x?sig=a%2Fb&e=1"));
            Assert.AreEqual("https://H/a", To(From, "HTTPS://H/a#part"));
        }

        [TestMethod]
        public void A_relative_address_is_put_behind_what_it_is_relative_to()
        {
            Assert.AreEqual("https://cdn/x", To(From, "//cdn/x"));
            Assert.AreEqual("https://h:8443/x", To(From, "/x"));
            Assert.AreEqual("https://h:8443/rel/x?y=http://z", To(From, "x?y=http://z"));
            Assert.AreEqual("https://h:8443/rel/app.bin?w", To(From, "?w"));
            Assert.AreEqual("http://h/x", To("http://h", "x"));
            Assert.AreEqual("http://h/x", To("http://h?a/b", "/x"));
        }

        [TestMethod]
        public void Http_redirects_to_https_and_https_never_to_http()
        {
            Assert.AreEqual("https://h/x", To("http://h/x", "https://h/x"));
            Assert.AreEqual("http://other/x", To("http://h/x", "Http://other/x"));
            Assert.AreEqual("", To("https://h/x", "http://h/x"));
            Assert.AreEqual("", To("HTTPS://h/x", "http://h/x"));
        }

        [TestMethod]
        public void A_target_that_is_not_a_web_address_is_not_followed()
        {
            Assert.AreEqual("", To(From, "ftp://h/x"));
            Assert.AreEqual("", To(From, "file:///etc/passwd"));
            Assert.AreEqual("", To(From, "https:x"));
            Assert.AreEqual("", To(From, "/a b"));
            Assert.AreEqual("", To(From, "/a\tb"));
            Assert.AreEqual("", Redirect.Target(302, From, null!) ?? "");
        }

        [TestMethod]
        public void Only_redirect_statuses_are_followed()
        {
            int[] statuses = { 200, 206, 300, 304, 305, 306, 404 };
            for (int i = 0; i < statuses.Length; i++) Assert.IsNull(Redirect.Target(statuses[i], From, "/x"));
            statuses = new[] { 301, 302, 303, 307, 308 };
            for (int i = 0; i < statuses.Length; i++) Assert.AreEqual("https://h:8443/x", Redirect.Target(statuses[i], From, "/x"));
        }

        private static string To(string from, string location) => Redirect.Target(302, from, location) ?? "";
    }
}
