using System;
using System.Collections;
using System.Security.Cryptography.X509Certificates;
using System.Threading;
using nanoFramework.M2Mqtt;
using nanoFramework.M2Mqtt.Messages;

namespace NanoOta
{
    /// <summary>A connection over nanoFramework.M2Mqtt, MQTT 5: only that version lets a device limit the size of messages, and this client
    /// allocates a whole message before its content is checked.</summary>
    /// <remarks>The constructor of its client resolves the broker's name, and throws without a network; therefore Connect makes the client.
    /// A handshake with a broker that does not answer can stall every thread (docs/platform/http.md, "Connecting").</remarks>
    public sealed class M2MqttBroker : IBroker
    {
        // The library's own limit for an answer (MqttSettings.DefaultTimeout).
        private const int AnswerMs = 30000;

        private readonly object gate = new object();
        private readonly AutoResetEvent answer = new AutoResetEvent(false);
        private MqttClient client;
        private MessageHandler received;
        private int answeredId;
        private bool isGood, isClosed;

        /// <inheritdoc/>
        public bool IsConnected => client != null && client.IsConnected;

        /// <inheritdoc/>
        public UpdateError Connect(MqttOptions options, MessageHandler received)
        {
            this.received = received;
            try
            {
                X509Certificate authority = options.CaCertificate == null ? null : new X509Certificate(options.CaCertificate);
                client = new MqttClient(options.Host, options.Port, options.IsSecure, authority, null,
                    options.IsSecure ? MqttSslProtocols.TLSv1_2 : MqttSslProtocols.None);
                client.ProtocolVersion = MqttProtocolVersion.Version_5;
                client.MaximumPacketSize = MqttOptions.MaximumPacketSize;
                client.ReceiveMaximum = MqttOptions.ReceiveMaximum;
                client.Settings.ValidateServerCertificate = true;
                client.MqttMsgPublishReceived += OnReceived;
                client.MqttMsgPublished += OnPublished;
                client.MqttMsgSubscribed += OnSubscribed;
                client.ConnectionClosed += OnClosed;
                MqttReasonCode code = client.Connect(options.ClientId, options.User, options.Password, true, MqttQoSLevel.AtLeastOnce, true,
                    options.WillTopic, RemoteLink.OfflineStatus, true, (ushort)options.KeepAliveSeconds);
                return code == MqttReasonCode.Success ? UpdateError.None : UpdateError.BrokerRefused;
            }
            catch (Exception)
            {
                return UpdateError.BrokerUnreachable;
            }
        }

        /// <inheritdoc/>
        public bool Subscribe(string topic)
        {
            Forget();
            return Await(client.Subscribe(new string[] { topic }, new MqttQoSLevel[] { MqttQoSLevel.AtLeastOnce }));
        }

        /// <inheritdoc/>
        public UpdateError Publish(string topic, byte[] buffer, int count, bool retain)
        {
            byte[] message = buffer;
            if (count != buffer.Length)
            {
                message = new byte[count];
                Array.Copy(buffer, 0, message, 0, count);
            }

            Forget();
            // A denied message is indistinguishable from an accepted one: the client hides the reason code of the answer.
            bool isTaken = Await(client.Publish(topic, message, null, new ArrayList(), MqttQoSLevel.AtLeastOnce, retain));
            return isTaken ? UpdateError.None : UpdateError.BrokerLost;
        }

        /// <inheritdoc/>
        public void Close()
        {
            if (client == null) return;
            try
            {
                if (client.IsConnected) client.Disconnect();
            }
            catch (Exception)
            {
            }

            try
            {
                client.Close();
            }
            catch (Exception)
            {
            }

            client = null;
        }

        // Message ids begin at 1.
        private void Forget()
        {
            lock (gate) answeredId = 0;
            answer.Reset();
        }

        // Late answers, to requests that have timed out, are ignored.
        private bool Await(ushort id)
        {
            while (true)
            {
                lock (gate)
                {
                    if (isClosed) return false;
                    if (answeredId == id) return isGood;
                }

                if (!answer.WaitOne(AnswerMs, false)) return false;
            }
        }

        private void OnReceived(object sender, MqttMsgPublishEventArgs e)
        {
            byte[] payload = e.Message;
            received(e.Topic, payload, payload == null ? 0 : payload.Length);
        }

        private void OnPublished(object sender, MqttMsgPublishedEventArgs e) => Answered(e.MessageId, e.IsPublished);

        // A reason code from 0x80 means denied (MQTT 5, section 3.9.3).
        private void OnSubscribed(object sender, MqttMsgSubscribedEventArgs e) =>
            Answered(e.MessageId, e.GrantedQoSLevels.Length > 0 && (int)e.GrantedQoSLevels[0] < (int)MqttQoSLevel.GrantedFailure);

        private void OnClosed(object sender, EventArgs e)
        {
            lock (gate) isClosed = true;
            answer.Set();
        }

        private void Answered(int id, bool isGood)
        {
            lock (gate)
            {
                answeredId = id;
                this.isGood = isGood;
            }

            answer.Set();
        }
    }
}
